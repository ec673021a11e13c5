"""The documented hub on a machine without its users: one Unix user runs all, each has a home, and any password is right."""

import os
from pathlib import Path

c = get_config()  # noqa: F821  # JupyterHub puts it here
load_subconfig(os.environ["HUB_CONFIG"])  # noqa: F821

HERE = Path(os.environ["HUB_FOLDER"])
HUB, API, PROXY, GRADERS = os.environ["HUB_PORTS"].split()

c.JupyterHub.bind_url = f"http://127.0.0.1:{HUB}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{API}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{PROXY}"
c.JupyterHub.cleanup_servers = True
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(HERE / "homes" / "{username}")
c.Spawner.args = ["--allow-root"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 120  # a busy machine

service = c.JupyterHub.services[0]
del service["user"]
service["url"] = f"http://127.0.0.1:{GRADERS}"
service["command"].append("--allow-root")
service["environment"] |= {"HOME": str(HERE / "homes" / "grader"), "SHELL": "/bin/bash"}
