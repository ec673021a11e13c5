"""A session for tests: it evaluates or runs each line that it is sent, in JSON, and answers in JSON."""

import json
import sys

names = {"__name__": "__main__"}


def main(sock):
    with sock.makefile("rb") as lines:
        for line in lines:
            sock.sendall(json.dumps(answer(json.loads(line))).encode() + b"\n")


def answer(source):
    try:
        code = compile(source, "<cell>", "eval")
    except SyntaxError:
        code = compile(source, "<cell>", "exec")
    try:
        return [None, repr(eval(code, names))]
    except BaseException as error:
        return [type(error).__name__, str(error)]
    finally:
        sys.last_value = None
