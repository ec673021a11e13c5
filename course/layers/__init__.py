"""Layers: modules with a forward and a backward pass (deck 002)."""

from course.layers.activations import GELU, Activation, LeakyReLU, ReLU, Sigmoid, Softplus, Tanh, TanhGELU
from course.layers.base import Layer
from course.layers.dropout import Dropout
from course.layers.linear import Linear
from course.layers.normalization import BatchNorm, LayerNorm, Normalization
from course.layers.recurrent import LastStep, Recurrent
from course.layers.sequential import Sequential
from course.layers.softmax import Softmax

__all__ = [
    "GELU",
    "Activation",
    "BatchNorm",
    "Dropout",
    "LastStep",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "Normalization",
    "ReLU",
    "Recurrent",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
    "TanhGELU",
]
