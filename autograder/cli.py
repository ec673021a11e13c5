"""The command ``course``: what it offers, and how it ends."""

from __future__ import annotations

import os
import sys

import click

from autograder.commands.assignments import collect, release
from autograder.commands.marking import grade
from autograder.commands.returning import export, feedback, report
from autograder.commands.similarity import similarity
from autograder.commands.student import check, start, submit
from autograder.errors import GraderError
from autograder.lean import start_lean

__all__ = ["main"]


def main() -> None:
    """Run the command; what goes wrong is one line on stderr, and the exit status tells (docs/commands.md)."""
    start_lean()
    try:
        course.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("course: stopped; what was finished is kept, run the command again to go on", err=True)
        sys.stdout.flush()
        os._exit(130)  # at once: without a word from notebooks that still run; their kernels end with this process
    except GraderError as error:
        _fail(str(error), error.status)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        _fail(f"cannot write or read{where}: {error.strerror or error}; see that it is there, writable, and has room")


def _fail(message: str, status: int = 1) -> None:
    click.echo(f"course: {message}", err=True)
    sys.exit(status)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="how-to-train-your-neural-network")
def course() -> None:
    """Work on problem sets; or release them, grade a class, return marks and feedback.

    \b
    A student's way:
      course start                     what is done, what is next, points so far
      course check ps08                run the checks of a set
      course submit ps08               check it, and pack it for upload

    \b
    The way of an assignment:
      course release ps08              build it, and tell the gradebook
      course collect ps08 hand-ins.zip take the submissions in
      course grade ps08                grade what is not graded yet
      course feedback ps08             write a page for each student
      course export ps08               write the marks as CSV
      course report ps08               write a report on the class
      course similarity ps08           write a report on answers that are suspiciously alike

    \b
    Exit status (docs/commands.md):
      0  done, and all is well
      1  something is wrong, refused or without a mark, or the command could not go on
      2  an option, or what the command was given, cannot be used
      130  stopped by Ctrl-C
    """


for command in (start, check, submit, release, collect, grade, feedback, export, report, similarity):
    course.add_command(command)
