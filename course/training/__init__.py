"""The training loop, and what goes with it: batches, history, stopping, progress, the stop button, saving and resuming."""

from course.training.history import History
from course.training.loop import fit, training_step
from course.training.metrics import accuracy, evaluate
from course.training.minibatches import minibatches
from course.training.state import Checkpoint, load_training, save_training
from course.training.stopping import GradientBelow, LossBelow, NoImprovement

__all__ = [
    "Checkpoint",
    "GradientBelow",
    "History",
    "LossBelow",
    "NoImprovement",
    "accuracy",
    "evaluate",
    "fit",
    "load_training",
    "minibatches",
    "save_training",
    "training_step",
]
