"""Answers of one class that are more alike than the task makes them: something to look at, never a mark."""

from autograder.similarity.answers import Answers, read_answers
from autograder.similarity.compare import Match, Pair, find_pairs
from autograder.similarity.page import write_similarity

__all__ = ["Answers", "Match", "Pair", "find_pairs", "read_answers", "write_similarity"]
