"""Reverse mode: a computation is recorded as it runs, and gone through backwards for its gradients."""

from course.autodiff.derivatives import sigmoid, softplus
from course.autodiff.tape.fused import linear, loss
from course.autodiff.tape.propagation import backward, topological_order
from course.autodiff.tape.rules import unbroadcast
from course.autodiff.tape.transforms import grad, hessian, hvp, jacobian, value_and_grad, vjp
from course.autodiff.tape.value import Value, no_grad

__all__ = [
    "Value",
    "backward",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "linear",
    "loss",
    "no_grad",
    "sigmoid",
    "softplus",
    "topological_order",
    "unbroadcast",
    "value_and_grad",
    "vjp",
]
