"""Measure the demos that are named, or all."""

import sys

from benchmarks.browser import run, widgets

found, _ = run(sys.argv[1:] or widgets.__all__)
sys.exit(any(each.failures() for each in found))
