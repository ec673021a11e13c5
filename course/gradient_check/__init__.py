"""Gradients against finite differences, and what is wrong with them when they differ."""

from course.autodiff.finite_difference import central_difference, numerical_vjp
from course.gradient_check.check import gradient_check
from course.gradient_check.diagnosis import relation
from course.gradient_check.report import Finding, Report

__all__ = ["Finding", "Report", "central_difference", "gradient_check", "numerical_vjp", "relation"]
