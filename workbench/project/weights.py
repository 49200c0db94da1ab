"""How much each class counts in the loss."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.core.errors import UsageError
from workbench.project.training import LARGEST_WEIGHT, TrainingSettings


def class_weights(
    settings: TrainingSettings, classes: Sequence[str], labels: np.ndarray | None = None
) -> np.ndarray | None:
    """The weight of each class, by its number; None where all count alike.

    "balanced" is samples / (classes * samples of the class), as scikit-learn's `compute_class_weight` has it (King and
    Zeng 2001); a class of which there is no sample keeps 1.

    Args:
        settings: The plan.
        classes: The classes' names, in the order of their numbers.
        labels: The training part's class numbers; needed for "balanced".

    Raises:
        UsageError: A weight is given for a class that there is not, or is negative.
    """
    if settings.class_weights == "equal" or (settings.class_weights == "balanced" and labels is None):
        return None
    if settings.class_weights == "balanced":
        counts = np.bincount(np.asarray(labels, np.int64).reshape(-1), minlength=len(classes))
        present = counts > 0
        weights = np.ones(len(classes))
        weights[present] = counts.sum() / (present.sum() * counts[present])
        return weights.astype(np.float32)
    for name, weight in settings.class_weight.items():
        if name not in classes:
            known = ", ".join(classes[:20])
            raise UsageError("A class weight must be for a class of the data.", name, f"The classes are: {known}.")
        if not 0 <= weight <= LARGEST_WEIGHT:
            rule = f"A class weight must be a number of at least 0 and at most {LARGEST_WEIGHT:g}."
            raise UsageError(rule, f"{name}={weight}", "Enter another.")
    return np.asarray([settings.class_weight.get(name, 1.0) for name in classes], np.float32)
