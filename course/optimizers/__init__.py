"""Optimizers: how a gradient becomes a step. Each is one rule; the base class does the rest."""

from course.optimizers.adam import Adam, AdaMax, AdamW, Nadam
from course.optimizers.adaptive import Adadelta, Adagrad, RMSprop
from course.optimizers.base import Optimizer
from course.optimizers.clipping import ClipByNorm, ClipByValue
from course.optimizers.descent import SGD, Momentum, Nesterov

__all__ = [
    "SGD",
    "AdaMax",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "ClipByNorm",
    "ClipByValue",
    "Momentum",
    "Nadam",
    "Nesterov",
    "Optimizer",
    "RMSprop",
]
