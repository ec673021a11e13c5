"""How to train your neural network: the reference library of the course, in NumPy."""

from course.datasets import Standardizer, spam, spirals, split
from course.layers import Activation, Layer, Linear, ReLU, Sequential, Sigmoid, Tanh
from course.losses import BinaryCrossEntropy, HalfSquaredError, Loss, SoftmaxCrossEntropy
from course.optimizers import SGD, Adam, Momentum, Optimizer
from course.regularizers import L2, Regularizer
from course.training import History, fit, minibatches, training_step

__all__ = [
    "L2",
    "SGD",
    "Activation",
    "Adam",
    "BinaryCrossEntropy",
    "HalfSquaredError",
    "History",
    "Layer",
    "Linear",
    "Loss",
    "Momentum",
    "Optimizer",
    "ReLU",
    "Regularizer",
    "Sequential",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "Standardizer",
    "Tanh",
    "fit",
    "minibatches",
    "spam",
    "spirals",
    "split",
    "training_step",
]
