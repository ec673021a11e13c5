"""An extension of Jupyter's server: it sends small messages at once, and gives every kernel one thread for matrices.

Without it the server leaves Nagle's algorithm on: a small message waits until the browser has acknowledged the one before,
which browsers put off, and a slider that is dragged stutters at some twenty pictures a second. And several threads make
small matrices slower, the more so on a laptop that is busy.
"""

import os

THREADS = "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "course.widgets.server"}]


def _load_jupyter_server_extension(app) -> None:
    """Have every connection to a kernel send without delay, and kernels begin with one thread unless told otherwise."""
    from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

    for name in THREADS:
        os.environ.setdefault(name, "1")
    connect = KernelWebsocketHandler.open

    async def open_without_delay(self, kernel_id):
        self.set_nodelay(True)
        await connect(self, kernel_id)

    KernelWebsocketHandler.open = open_without_delay
    app.log.info("course: kernels' messages are sent without delay")
