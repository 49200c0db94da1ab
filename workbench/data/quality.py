"""What is found wrong once the parts are made: few or uneven classes, the same sample in two parts."""

from __future__ import annotations

import hashlib

import numpy as np

from workbench.data.findings import counted, listed, problem
from workbench.data.spec import DataProblem, Kind
from workbench.data.target import Target
from workbench.data.work import Array

TINY_CLASS = 10
_UNEVEN = 5.0
_TELLING_SHARE = 0.05


def class_problems(target: Target, train: Array, of: str = "") -> list[DataProblem]:
    """One class only, tiny classes, uneven classes, classes that training never sees.

    Args:
        target: Whose classes.
        train: The training part's samples.
        of: What the messages begin with, to say which target it is about.
    """
    if target.task != "classification":
        return []
    if len(target.classes) < 2:
        message = f"{of}There is only one class, '{target.classes[0]}': nothing can be told apart."
        return [problem(message, "Add samples of another class, or choose another target.", severity="error")]
    counts = np.bincount(target.ids, minlength=len(target.classes))
    problems: list[DataProblem] = []
    unseen = [
        target.classes[number] for number in np.flatnonzero(np.bincount(target.ids[train], minlength=len(counts)) == 0)
    ]
    if unseen:
        message = f"{of}{counted(len(unseen), 'class', 'classes')} without a training sample: {listed(unseen)}."
        problems.append(problem(message, "The network cannot learn them: add samples.", unseen))
    tiny = [target.classes[number] for number in np.flatnonzero(counts < TINY_CLASS)]
    if tiny:
        message = f"{of}{counted(len(tiny), 'class', 'classes')} with fewer than {TINY_CLASS} samples: {listed(tiny)}."
        problems.append(problem(message, "Their figures will be chance: add samples, or merge classes.", tiny))
    if counts.max() >= _UNEVEN * counts.min():
        most, fewest = int(counts.argmax()), int(counts.argmin())
        message = (
            f"{of}Classes are uneven: {counts[most]:,} samples of '{target.classes[most]}', "
            f"{counts[fewest]:,} of '{target.classes[fewest]}'."
        )
        problems.append(problem(message, "Look at the confusion matrix rather than the accuracy alone."))
    return problems


def duplicates(kind: Kind, parts: dict[str, Array], names: dict[str, list[str]]) -> list[DataProblem]:
    """Samples of the validation or test part that also are in the training part.

    Args:
        kind: Rows of few columns are alike by chance, so that tables are told of only where it is common.
        parts: The encoded samples of each part.
        names: Their names.
    """
    seen = {_digest(sample) for sample in parts["train"]}
    problems = []
    for name in ("validation", "test"):
        again = [place for place, sample in enumerate(parts[name]) if _digest(sample) in seen]
        share = len(again) / max(1, len(parts[name]))
        if again and (kind == "image" or (share > _TELLING_SHARE and len(again) > 2)):
            message = f"{counted(len(again), f'{name} sample')} also in the training part: the figures will flatter."
            items = [names[name][place] for place in again[:20]]
            problems.append(problem(message, "Remove the copies, or judge with care.", items))
    return problems


def _digest(sample: Array) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(sample).tobytes(), digest_size=16).digest()
