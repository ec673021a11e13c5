"""How to train your neural network: the reference library of the course, in NumPy.

Every name is imported from its room when it is first asked for, so that nobody pays for rooms that they do not enter.
"""

from importlib import import_module

_ROOMS = {  # and the names of each that stand here as well
    "autodiff": "",
    "datasets": """
        circles curve digits drawn_digits mnist moons read_idx spam spirals split Standardizer table write_idx
        xor
    """,
    "early_stopping": "EarlyStopping",
    "errors": "",
    "gradient_check": "",
    "initializers": "",
    "layers": """
        Activation BatchNorm Dropout GELU LastStep Layer LayerNorm LeakyReLU Linear Normalization Recurrent
        ReLU Sequential Sigmoid Softmax Softplus Tanh TanhGELU
    """,
    "losses": """
        BinaryCrossEntropy BinaryCrossEntropyOfProbabilities HalfSquaredError Huber Loss MeanAbsoluteError
        MeanSquaredError SoftmaxCrossEntropy
    """,
    "optimizers": """
        Adadelta Adagrad Adam AdaMax AdamW ClipByNorm ClipByValue Momentum Nadam Nesterov Optimizer RMSprop
        SGD
    """,
    "regularizers": "ElasticNet L1 L2 Regularizer",
    "schedules": "Constant CosineDecay ExponentialDecay LinearWarmup Schedule StepDecay",
    "standing": "progress",
    "training": """
        accuracy Checkpoint evaluate fit GradientBelow History load_training LossBelow minibatches
        NoImprovement save_training training_step
    """,
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}

__all__ = sorted(_ROOM_OF)  # noqa: PLE0605


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        return import_module(f"course.{name}")
    if name in _ROOM_OF:
        value = globals()[name] = getattr(import_module(f"course.{_ROOM_OF[name]}"), name)  # the next time it is there
        return value
    raise AttributeError(f"module 'course' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, *_ROOMS]
