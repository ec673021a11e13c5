"""nbgrader in everyone's own server: which course, which exchange, and under which name to hand in."""

import os
import tomllib
from pathlib import Path

c = get_config()  # noqa: F821  # nbgrader puts it here

COURSE = tomllib.loads((Path(__file__).resolve().parents[1] / "course.toml").read_text())

c.CourseDirectory.course_id = COURSE["id"]
c.Exchange.root = COURSE["exchange"]

# Hand-ins bear the name of the login. nbgrader's own default is the name of the Unix user, which is the same where each
# student has one, and "jovyan" for all in a container.
if "JUPYTERHUB_USER" in os.environ:
    c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
    c.Authenticator.plugin_class = "nbgrader.auth.JupyterHubAuthPlugin"
