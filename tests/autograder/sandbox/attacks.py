"""What a determined student would try: each is code that must fail, or kill nobody but itself.

``SECRET`` and ``FOLDER`` stand for a file and a folder outside, that the attack knows the path of.
"""

KERNEL = """
import ctypes, errno, os
def call(number, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    if (result := libc.syscall(ctypes.c_long(number), *words)) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
"""

# Numbers on x86-64; a wrong number on another machine fails as well, as it must.
CALLS = {
    "attach to another process": "call(101, 16, 2, 0, 0)",
    "let itself be traced": "call(101, 0, 0, 0, 0)",
    "read another process's memory": "call(310, 1, 0, 0, 0, 0, 0)",
    "make a user namespace": "call(272, 0x10000000)",
    "make a mount namespace": "call(272, 0x20000)",
    "clone into a user namespace": "call(56, 0x10000000 | 17, 0, 0, 0, 0)",
    "clone a process as fork does": "call(56, 17, 0, 0, 0, 0)",
    "fork by the oldest call": "call(57)",
    "vfork": "call(58)",
    "clone by the newest call": "call(435, ctypes.create_string_buffer(88), 88)",
    "mount a file system": "call(165, b'x', b'/', b'tmpfs', 0, 0)",
    "unmount what hides /proc": "call(166, b'/proc', 2)",
    "unmount the scratch": "call(166, b'/session', 2)",
    "change the root": "call(155, b'/', b'/')",
    "join a namespace": "call(308, 0, 0)",
    "take a descriptor of another process": "call(438, 0, 0, 0)",
    "open a descriptor of another process": "call(434, 1, 0)",
    "load a kernel module": "call(175, 0, 0, b'')",
    "load a BPF program": "call(321, 5, 0, 0)",
    "watch performance events": "call(298, 0, 0, -1, -1, 0)",
    "handle page faults": "call(323, 0)",
    "use io_uring": "call(425, 8, ctypes.create_string_buffer(120))",
    "use the kernel's keys": "call(250, 0, -3, 1)",
    "change its personality": "call(135, 0x0040000)",
    "open a file by its handle": "call(304, -100, 0, 0)",
    "make a file in memory": "call(319, b'x', 0)",
    "make System V shared memory": "call(29, 0, 4096, 0o1600)",
    "make a message queue": "call(240, b'/q', 0o102, 0o600, 0)",
    "watch files": "call(294, 0)",
    "limit another process": "call(302, 99999, 0, 0, 0)",
    "send a signal with a value": "call(129, 2, 9, 0)",
    "use a call of a kernel to come": "call(500)",
    "make a call of 32-bit words": "call(0x40000000 + 39)",
    "outlive its parent": "call(157, 1, 0, 0, 0, 0)",
    "undo its promise of no privileges": "call(157, 38, 0, 0, 0, 0)",
    "install a filter of its own": "call(157, 22, 1, 0, 0, 0)",
    "have a pipe's signals sent elsewhere": "import fcntl; fcntl.fcntl(os.pipe()[0], 8, 1)",
    "take a pipe of a megabyte": "import fcntl; fcntl.fcntl(os.pipe()[0], 1031, 1 << 20)",
    "lock a file that others read": "import fcntl, json; fcntl.flock(open(json.__file__), fcntl.LOCK_SH)",
    "ask who locks a file": "import fcntl, json; fcntl.fcntl(open(json.__file__), fcntl.F_GETLK, bytes(32))",
    "type on the terminal": "import fcntl; fcntl.ioctl(0, 0x5412, b'x')",
    "open a terminal": "os.open('/dev/tty', os.O_RDWR)",
    "open a pseudo-terminal": "os.openpty()",
}

PYTHON = {
    "fork": "os.fork()",
    "start a program": "import subprocess; subprocess.run(['/bin/true'])",
    "spawn a program": "os.posix_spawn('/bin/true', ['true'], {})",
    "become another program": "import sys; os.execv(sys.executable, [sys.executable, '-c', ''])",
    "start a process of multiprocessing": "import multiprocessing as m; m.Process(target=print).start()",
    "run a shell": "assert os.system('true') == 0",
    "kill everybody": "os.kill(-1, 9)",
    "kill its group": "os.killpg(0, 9)",
    "kill the parent": "os.kill(os.getppid(), 9)",
    "stop the parent": "os.kill(os.getppid(), 19)",
    "kill the first process": "assert os.getpid() != 1; os.kill(1, 9)",
    "kill any other process": "[os.kill(pid, 9) for pid in range(2, 40000) if pid != os.getpid()]",
    "become root": "os.setuid(0)",
    "become root's group": "os.setgroups([0])",
    "change the root directory": "os.chroot('.')",
    "open a socket to the net": "import socket; socket.socket()",
    "open a Unix socket": "import socket; socket.socket(socket.AF_UNIX)",
    "open a netlink socket": "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "make a device": "os.mknod('disk', 0o60600, os.makedev(8, 0))",
    "make a FIFO": "os.mkfifo('pipe')",
    "raise its limit on CPU time": "import resource as r; r.setrlimit(r.RLIMIT_CPU, (10**6, 10**6))",
    "raise its limit on memory": "import resource as r; r.setrlimit(r.RLIMIT_AS, (-1, -1))",
    "raise its limit on files": "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (10**4, 10**4))",
    "be preferred": "os.nice(-5)",
    "read the first process's environment": "open('/proc/1/environ').read()",
    "list its own descriptors": "os.listdir('/proc/self/fd')[0]",
    "list processes": "os.listdir('/proc')[0]",
    # The environment itself may lie there, and then its folder is all that is to be seen.
    "list the temporary files": "[n for n in os.listdir('/tmp') if not __import__('sys').prefix.startswith('/tmp/' + n)][0]",
    "list /sys": "os.listdir('/sys')[0]",
    "read the passwords' file": "open('/etc/passwd').read()",
    "read a file outside": "open('SECRET').read()",
    "read a file outside through a link": "os.symlink('SECRET', 'link'); open('link').read()",
    "link a file outside": "os.link('SECRET', 'here')",
    "climb out": "open('../../../../../../../../' + 'SECRET').read()",
    "list a folder outside": "os.listdir('FOLDER')",
    "write outside": "open('FOLDER/loot', 'w')",
    "change the mode of a file outside": "os.chmod('SECRET', 0)",
    "change the times of a file outside": "os.utime('SECRET')",
    "mark a file outside": "os.setxattr('SECRET', 'user.x', b'x')",
    "shorten a file outside": "os.truncate('SECRET', 0)",
    "remove a file outside": "os.unlink('SECRET')",
    "rename a file outside": "os.rename('SECRET', 'SECRET.old')",
    "make a folder outside": "os.mkdir('FOLDER/x')",
    "flush every disk": "import ctypes; assert ctypes.CDLL(None, use_errno=True).syncfs(0) == 0",
    "write to /tmp": "open('/tmp/loot-of-a-student', 'w')",
    "write to /dev/shm": "open('/dev/shm/loot-of-a-student', 'w')",
    "write beside the root": "open('/loot-of-a-student', 'w')",
    "replace a library": "import numpy; open(numpy.__file__, 'a')",
    "replace a package": "import talker; open(talker.__file__, 'a')",
    "change a package's mode": "import talker; os.chmod(talker.__file__, 0o644)",
    "leave bytecode for the next": "import talker; os.mkdir(os.path.dirname(talker.__file__) + '/x')",
    "open the disk": "open('/dev/sda', 'rb')",
    "open the memory": "open('/dev/mem', 'rb')",
    "use shared memory": "from multiprocessing import shared_memory as s; s.SharedMemory(create=True, size=10)",
    "read the grader's sources": "import autograder.grading",
}

ATTACKS = {**PYTHON, **{name: KERNEL + code for name, code in CALLS.items()}}
