"""A JupyterHub for one course on one machine. The guide is docs/jupyterhub.md; names and places stand in two TOML files."""

import sys
import tomllib
from pathlib import Path

c = get_config()  # noqa: F821  # JupyterHub puts it here

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
COURSE = tomllib.loads((HERE / "course.toml").read_text())
MEMBERS = tomllib.loads((HERE / "members.toml").read_text())
ID = COURSE["id"]

# The hub listens on this machine only: a web server with a certificate stands in front of it.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.cleanup_servers = False  # a restart of the hub stops nobody's work
c.ConfigurableHTTPProxy.command = [str(BIN / "configurable-http-proxy")]
c.ConfigurableHTTPProxy.should_start = True

# Who may log in: the machine's own users, as far as they are named. Whoever is taken off the list does not stay on it.
c.JupyterHub.authenticator_class = "pam"
c.Authenticator.admin_users = set(MEMBERS["admins"])
c.Authenticator.allowed_users = {*MEMBERS["instructors"], *MEMBERS["students"]}
c.Authenticator.allow_existing_users = False

# Who is what. nbgrader reads a student's and an instructor's courses from groups of these names.
c.JupyterHub.load_groups = {
    f"formgrade-{ID}": {"users": MEMBERS["instructors"]},
    f"nbgrader-{ID}": {"users": MEMBERS["students"]},
}
GRADING = [f"access:services!service={ID}", f"read:services!service={ID}", "list:services"]
c.JupyterHub.load_roles = [{"name": "instructor", "groups": [f"formgrade-{ID}"], "scopes": GRADING}]


def configuration(spawner):
    """Say where a user's Jupyter looks first: an instructor's lists the course's formgrader, too."""
    folders = ["instructor", "student"] if spawner.user.name in MEMBERS["instructors"] else ["student"]
    return ":".join(str(HERE / folder) for folder in folders)


# Everyone's own server. Its token can do what nbgrader asks for, and never more than its owner may.
c.JupyterHub.spawner_class = "systemdspawner.SystemdSpawner"
c.Spawner.cmd = [str(BIN / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab"
c.Spawner.environment = {"JUPYTER_CONFIG_PATH": configuration, "OMP_NUM_THREADS": "1"}
c.Spawner.server_token_scopes = ["users:activity!user", "access:servers!server", "read:users!user", *GRADING]
c.Spawner.mem_limit = "2G"
c.Spawner.cpu_limit = 2
c.SystemdSpawner.extra_paths = [str(BIN)]
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.isolate_devices = True
c.SystemdSpawner.disable_user_sudo = True

# The graders' server: one for all instructors, with the course directory, formgrader, and `course` in its terminal.
c.JupyterHub.services = [
    {
        "name": ID,
        "display": False,
        "url": "http://127.0.0.1:9999",
        "user": "grader",
        "cwd": COURSE["root"],
        "command": [str(BIN / "jupyterhub-singleuser"), f"--ServerApp.root_dir={COURSE['root']}"],
        "environment": {
            "JUPYTER_CONFIG_PATH": str(HERE / "grader"),
            "JUPYTERHUB_DEFAULT_URL": "/lab",
            "OMP_NUM_THREADS": "1",
        },
        "oauth_no_confirm": True,
    }
]
