"""After a training ran out of a GPU's memory: the largest batch that fits, found by trying."""

from __future__ import annotations

import numpy as np

from workbench.core.cancel import CancelToken
from workbench.data.dataset import Dataset
from workbench.engine.failures import out_of_memory
from workbench.engine.feed import epoch_order
from workbench.engine.trying.trial import trial
from workbench.project.model import Project


def largest_that_fits(project: Project, dataset: Dataset, failed: int, cancel: CancelToken) -> int:
    """The largest batch that a step was carried out with: a power of two below what failed, or half as much again.

    Only for a GPU, where too large a batch does no harm: on a CPU the system may end the whole program.

    Args:
        project: What was trained; nothing of it may be left in the memory.
        dataset: Opened.
        failed: The batch size that found no room.
        cancel: Looked at between the tries.

    Returns:
        Samples; 0 where not even one fits.

    Raises:
        WorkbenchError: The project can no longer be trained, in words.
        Cancelled: The user asked for the end.
    """
    small = project.model_copy(update={"training": project.training.model_copy(update={"batch_size": 1})})
    with trial(small, dataset, cancel, as_planned=True) as made:
        step = made.stepper()

        def fits(size: int) -> bool:
            cancel.raise_if_stopped()
            rows = np.resize(epoch_order(made.feed.samples, 0, 0), size)
            try:
                step(rows)
            except Exception as error:
                if out_of_memory(error):
                    return False
                raise
            return True

        size = failed // 2
        while size and not fits(size):
            size //= 2
        middle = size + size // 2
        return middle if size < middle < failed and fits(middle) else size
