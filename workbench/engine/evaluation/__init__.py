"""A run's best model measured on a part of the data, every answer kept, so that each figure leads to its samples."""

from workbench.engine.evaluation.evaluate import evaluate
from workbench.engine.evaluation.result import Evaluation

__all__ = ["Evaluation", "evaluate"]
