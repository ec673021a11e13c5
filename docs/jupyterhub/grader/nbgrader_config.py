"""nbgrader in the graders' server. What belongs to the course directory itself stands in the nbgrader_config.py in it."""

import tomllib
from pathlib import Path

c = get_config()  # noqa: F821  # nbgrader puts it here

COURSE = tomllib.loads((Path(__file__).resolve().parents[1] / "course.toml").read_text())

c.CourseDirectory.course_id = COURSE["id"]
c.CourseDirectory.root = COURSE["root"]
c.Exchange.root = COURSE["exchange"]
