"""What a forked child does to itself before a student's code runs in it; the order matters, and nothing can be undone.

The zygote, as root, becomes nobody, and makes a namespace in which it may make others. Then each child leaves the zygote's
namespaces, gets a file system of its own for its files, covers what it must not read, limits itself, and gives up
capabilities, the file system and the system calls that it has no use for.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterable

from autograder.sandbox import kernel, landlock, seccomp
from autograder.sandbox.environment import NOBODY, PLACE
from autograder.sandbox.limits import Limits

__all__ = [
    "become_nobody",
    "cover",
    "enter_namespaces",
    "fork_apart",
    "give_up",
    "hide_processes",
    "limit",
    "limit_memory",
    "mount_scratch",
    "own_processes",
    "rehearse",
    "tasks_of_user",
]

INSIDE = 1000  # user and group of a session in its own namespace
NAMESPACES = kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
HARD = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC


def become_nobody() -> None:
    """As root, become a user with no rights at all: root is not counted, and reads everything."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # or /proc/self would belong to root


def enter_namespaces(more: int = 0) -> None:
    """Leave users, mounts and shared memory, and what ``more`` names, for new ones in which this process has all rights."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(NAMESPACES | more)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{INSIDE} {user} 1"), ("gid_map", f"{INSIDE} {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)


def own_processes() -> None:
    """Become the first process of a namespace, in which new ones can be made for each child; the caller waits outside."""
    enter_namespaces(kernel.CLONE_NEWPID)
    child = os.fork()
    if child:
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # whoever holds the other end of a socket must notice the child's end
        os._exit(abs(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])))


def fork_apart() -> int:
    """Fork a child that is the first process of a namespace of its own: it sees no other, and what it forks dies with it."""
    home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    child = None
    try:
        kernel.unshare(kernel.CLONE_NEWPID)
        child = os.fork()
    finally:
        if child != 0:
            kernel.setns(home, kernel.CLONE_NEWPID)
        os.close(home)
    return child


def mount_scratch(limits: Limits) -> None:
    """Put an empty file system in memory at `PLACE`, that nobody else sees and that goes with the session."""
    kernel.mount("scratch", PLACE, "tmpfs", HARD, f"size={limits.scratch},nr_inodes={limits.scratch_files + 8},mode=700")


def hide_processes() -> None:
    """Show this process nothing in /proc."""
    kernel.mount("nothing", "/proc", "tmpfs", HARD | kernel.MS_RDONLY, "size=4k,nr_inodes=2,mode=555")


def cover(paths: Iterable[str]) -> None:
    """Put an empty folder over each folder, and the empty device over each file."""
    for path in paths:
        if os.path.isdir(path):
            kernel.mount("nothing", path, "tmpfs", HARD | kernel.MS_RDONLY, "size=4k,nr_inodes=2,mode=555")
        else:
            kernel.mount("/dev/null", path, None, kernel.MS_BIND)


def limit(limits: Limits, tasks: int | None) -> None:
    """Set limits on CPU time, memory and the rest; where memory runs out all the same, this process is the first to go.

    Parameters
    ----------
    limits : Limits
        The limits.
    tasks : int or None
        How many threads of the same user count already; None for no limit on threads.
    """
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    values = {
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_AS: address_space() + limits.memory,
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 1000,
    }
    if tasks is not None:
        values[resource.RLIMIT_NPROC] = tasks + limits.processes
    for name, value in values.items():
        lower(name, value)


def lower(name: int, value: int) -> None:
    """Set one limit, or a lower one that holds already."""
    hard = resource.getrlimit(name)[1]
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(name, (allowed, allowed))


def limit_memory(room: int) -> None:
    """Let this process take so many bytes of address space beyond what it has; more is a MemoryError."""
    lower(resource.RLIMIT_AS, address_space() + room)


def address_space() -> int:
    """Give the bytes of address space that this process has."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def tasks_of_user() -> int:
    """Count the threads of this user on the whole machine: outside of a namespace of its own, a limit counts them all."""
    count = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            count += len(os.listdir(f"/proc/{name}/task")) if os.stat(f"/proc/{name}").st_uid == os.geteuid() else 0
        except OSError:  # it has ended meanwhile
            continue
    return count


def give_up(readable: Iterable[str], listable: Iterable[str], writable: Iterable[str], *, mounts: bool) -> None:
    """Give up capabilities, the file system but for what is named (see :func:`landlock.restrict`), and system calls.

    ``mounts`` says that everything else is mounted read-only, or not at all.
    """
    kernel.drop_capabilities()
    kernel.forbid_new_privileges()
    if landlock.landlock_version():
        landlock.restrict(readable, listable, writable)
    seccomp.forbid(metadata=not mounts)


def rehearse() -> None:
    """Try, inside bubblewrap, whether this machine lets a session be forked apart."""
    become_nobody()
    own_processes()
    child = fork_apart()
    if child == 0:
        enter_namespaces()
        mount_scratch(Limits())
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise OSError("no namespace can be made inside its namespace")
