"""The only room that imports Keras and TensorFlow: it builds, trains, evaluates and exports what the documents say."""

# First of all, so that whichever engine module comes next finds TensorFlow imported once and quietly.
from workbench.engine import runtime

__all__ = ["runtime"]
