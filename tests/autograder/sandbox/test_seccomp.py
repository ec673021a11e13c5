"""The filter of system calls, run by a small interpreter, so that both machines' programs are looked at on either."""

from __future__ import annotations

import errno
import struct

import pytest

from autograder.sandbox.seccomp import ALLOW, FAIL, KILL, MACHINES, X32, program
from autograder.sandbox.syscalls import FORBIDDEN, METADATA, NEWEST, SPECIAL

PID = 4242
REFUSED, UNKNOWN = FAIL | errno.EPERM, FAIL | errno.ENOSYS
HARMLESS = {
    "x86_64": {"read": 0, "write": 1, "openat": 257, "mmap": 9, "futex": 202, "socketpair": 53},
    "aarch64": {"read": 63, "write": 64, "openat": 56, "mmap": 222, "futex": 98, "socketpair": 199},
}


@pytest.fixture(params=MACHINES)
def machine(request) -> str:
    return request.param


def verdict(machine: str, number: int, *arguments: int, architecture: int | None = None, metadata: bool = False) -> int:
    """Run the filter over a call, as seccomp(2) describes it."""
    code = program(PID, machine, metadata)
    words = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=iIQ6Q", number, architecture or MACHINES[machine][1], 0, *words)
    loaded, place = 0, 0
    while True:
        operation, yes, no, value = struct.unpack_from("=HBBI", code, 8 * place)
        place += 1
        if operation == 0x06:
            return value
        if operation == 0x20:
            loaded = struct.unpack_from("=I", data, value)[0]
        else:
            holds = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}[operation]
            place += yes if holds else no


def number(name: str, machine: str) -> int | None:
    return {**FORBIDDEN, **METADATA, **SPECIAL}[name][MACHINES[machine][0]]


def test_every_forbidden_call_is_refused(machine):
    for name in FORBIDDEN:
        if (call := number(name, machine)) is not None:
            assert verdict(machine, call) == REFUSED, name


def test_calls_that_computing_needs_are_allowed(machine):
    for name, call in HARMLESS[machine].items():
        assert verdict(machine, call) == ALLOW, name


def test_a_thread_may_be_made_and_a_process_not(machine):
    assert verdict(machine, number("clone", machine), 0x3D0F00) == ALLOW  # as pthread_create asks for
    assert verdict(machine, number("clone", machine), 17) == REFUSED
    assert verdict(machine, number("clone3", machine)) == UNKNOWN  # so that libc asks again with clone


def test_a_signal_may_be_sent_to_the_process_itself_only(machine):
    for name in ("kill", "tgkill"):
        assert verdict(machine, number(name, machine), PID, 9) == ALLOW
        for other in (1, 0, -1 & 0xFFFFFFFFFFFFFFFF, PID + 1):
            assert verdict(machine, number(name, machine), other, 9) == REFUSED


def test_modes_and_times_of_files_are_refused_only_where_no_mount_protects_them(machine):
    for name in METADATA:
        if (call := number(name, machine)) is not None:
            assert verdict(machine, call) == ALLOW, name
            assert verdict(machine, call, metadata=True) == REFUSED, name


def test_the_terminal_cannot_be_typed_on(machine):
    assert verdict(machine, number("ioctl", machine), 0, 0x5412) == REFUSED
    assert verdict(machine, number("ioctl", machine), 0, 0x5401) == ALLOW


def test_the_parent_death_signal_cannot_be_taken_back_and_a_thread_may_have_a_name(machine):
    assert verdict(machine, number("prctl", machine), 1) == REFUSED
    assert verdict(machine, number("prctl", machine), 15) == ALLOW


def test_calls_that_are_newer_than_the_list_do_not_exist(machine):
    assert verdict(machine, NEWEST) != UNKNOWN
    assert verdict(machine, NEWEST + 1) == UNKNOWN


def test_calls_of_another_architecture_end_the_process(machine):
    assert verdict(machine, 0, architecture=0x40000003) == KILL
    assert verdict("x86_64", X32 + 39) == KILL
