"""Workers on other machines, behind a dask.distributed scheduler."""

from __future__ import annotations

import logging
from concurrent.futures import Executor
from importlib.metadata import version
from typing import Any

from autograder.errors import GraderError
from autograder.runner import Runner

__all__ = ["Cluster"]

PATIENCE = 15  # seconds to wait for an answer of the scheduler, and for a first worker
NAME = "how-to-train-your-neural-network"


class Cluster:
    """A connection to a scheduler; a context manager, which takes back what is not marked at its end.

    Parameters
    ----------
    address : str
        As the scheduler says it: ``tcp://10.0.0.1:8786``. For ``tls://``, dask's own configuration names the certificates.
    patience : float
        Seconds to wait for an answer, and for a first worker.

    Raises
    ------
    GraderError
        If no scheduler answers there, or it has no worker.
    """

    def __init__(self, address: str, patience: float = PATIENCE):
        try:
            import dask
            from distributed import Client
            from distributed.comm import get_address_host_port
        except ImportError as error:
            raise GraderError(f"--cluster needs the package {error.name!r}: install our extra 'department'") from error
        for name in ("asyncio", *logging.root.manager.loggerDict):
            if name.partition(".")[0] in {"distributed", "tornado", "asyncio"}:
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what goes wrong is one line, and ours
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})  # of a submission's own files
        self.address = address
        try:
            get_address_host_port(address, strict=True)
            self._client = Client(address, timeout=patience, set_as_default=False)
        except Exception as error:  # each transport has its own
            raise GraderError(
                f"no scheduler answers at {address} ({_first_line(error)}): start one with `dask scheduler`, "
                "and give --cluster the address that it prints"
            ) from error
        try:
            self._client.wait_for_workers(1, timeout=patience)
        except Exception as error:
            self.close()
            raise GraderError(f"{address} has no worker: start `dask worker {address}` on each machine") from error

    @property
    def executor(self) -> Executor:
        """Where a runner works."""
        return self._client.get_executor(pure=False)

    def size(self) -> int:
        """Say how many submissions the cluster's workers mark at a time: the number of their threads."""
        return sum(worker["nthreads"] for worker in self._client.scheduler_info(n_workers=-1)["workers"].values())

    def check(self, runner: Runner) -> list[str]:
        """Ask every worker which walls hold there; give the answers, each once.

        Raises
        ------
        GraderError
            If one can build no walls, or has not the same version of this package.
        """
        try:
            answers = self._client.run(_report, runner)
        except Exception as error:
            raise GraderError(
                f"a worker of {self.address} cannot mark ({_first_line(error)}): "
                "install on every machine what is installed here"
            ) from error
        for worker, (theirs, _, problem) in sorted(answers.items()):
            if theirs != (ours := version(NAME)):
                raise GraderError(f"the worker {worker} has version {theirs} of {NAME}, here is {ours}: install the same")
            if problem:
                raise GraderError(f"the worker {worker} cannot mark: {problem}")
        return sorted({walls for _, walls, _ in answers.values()})

    def close(self) -> None:
        """Leave the cluster; what it has not marked yet it drops."""
        self._client.close(timeout=5)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()


def _report(runner: Runner) -> tuple[str, str, str]:
    """Say, on a worker, which version of this package it has, which walls hold there, or why it cannot mark."""
    try:
        return version(NAME), runner.check(), ""
    except GraderError as error:
        return version(NAME), "", str(error)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
