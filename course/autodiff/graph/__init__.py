"""Drawings of computations and of networks, for a notebook that has nothing but JupyterLab."""

from course.autodiff.graph.computation import computation_graph
from course.autodiff.graph.drawing import Drawing, Edge, Node
from course.autodiff.graph.neuronal import neuronal_graph

__all__ = ["Drawing", "Edge", "Node", "computation_graph", "neuronal_graph"]
