"""Layers: modules with a forward and a backward pass (deck 002)."""

from course.layers.activations import Activation, ReLU, Sigmoid, Tanh
from course.layers.base import Layer
from course.layers.linear import Linear
from course.layers.sequential import Sequential

__all__ = ["Activation", "Layer", "Linear", "ReLU", "Sequential", "Sigmoid", "Tanh"]
