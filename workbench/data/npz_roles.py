"""Which of a `.npz`'s arrays are inputs, answers, weights or names, told by their names and shapes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.core.errors import DataError
from workbench.data.spec import DatasetSpec
from workbench.data.split import NONE_GIVEN, TEST, TRAIN, VALIDATION
from workbench.data.work import Array

_PARTS = {
    **dict.fromkeys(("train", "training", "tr"), TRAIN),
    **dict.fromkeys(("val", "valid", "validation", "dev"), VALIDATION),
    **dict.fromkeys(("test", "testing", "te"), TEST),
}
_INPUTS = ("x", "data", "features", "feature", "images", "image", "inputs", "input", "samples", "arr0")
_ANSWERS = ("y", "labels", "label", "targets", "target", "classes", "class", "outputs", "output", "arr1")
_NAMES = ("classnames", "labelnames", "targetnames", "categories")


@dataclass
class Picked:
    """The array of inputs and of answers of each part, and the one that names the classes."""

    inputs: dict[int, str]
    answers: dict[int, str]
    class_names: str | None


def pick(spec: DatasetSpec, path: Path, arrays: dict[str, Array]) -> Picked:
    """Find the inputs and the main answers.

    Raises:
        DataError: There are none, or not of the same parts.
    """
    wanted = None if spec.target is None else str(spec.target)
    if wanted is not None and wanted not in arrays:
        raise _missing(path, arrays, f"no array named '{wanted}'")
    inputs, answers, class_names = _pick_by_name(arrays, wanted)
    if not inputs or not answers:
        _pick_by_shape(arrays, inputs, answers)
    if not inputs or not answers:
        raise _missing(path, arrays, "no " + ("answers" if inputs else "inputs"))
    both = sorted(set(inputs) & set(answers))
    if not both:
        raise _missing(path, arrays, "inputs and answers of different parts")
    if len(both) > 1 and NONE_GIVEN in both:
        both.remove(NONE_GIVEN)
    if both != [NONE_GIVEN] and TRAIN not in both:
        raise _missing(path, arrays, "no training part")
    return Picked({part: inputs[part] for part in both}, {part: answers[part] for part in both}, class_names)


def _pick_by_name(arrays: dict[str, Array], wanted: str | None) -> tuple[dict[int, str], dict[int, str], str | None]:
    inputs: dict[int, str] = {}
    answers: dict[int, str] = {}
    class_names: str | None = None
    for name, array in arrays.items():
        part, role = _role(name)
        if role in _NAMES or (role == "classes" and array.dtype.kind in "US"):
            class_names = name
        elif role in _INPUTS and name != wanted:
            inputs.setdefault(part, name)
        elif role in _ANSWERS and wanted is None:
            answers.setdefault(part, name)
    if not answers and class_names is not None and wanted is None:
        answers, class_names = {next(iter(inputs), NONE_GIVEN): class_names}, None
    if wanted is not None:
        answers[next(iter(inputs), NONE_GIVEN)] = wanted
    return inputs, answers, class_names


def _missing(path: Path, arrays: dict[str, Array], received: str) -> DataError:
    names = ", ".join(f"{name} {array.shape}" for name, array in list(arrays.items())[:8]) or "nothing"
    return DataError(
        "A .npz must hold samples and their answers.",
        f"{received} in {path.name}; it holds {names}",
        "Name them x and y, or x_train, y_train, x_test and y_test; or name the answers as the target.",
    )


def _role(name: str) -> tuple[int, str]:
    """The part and the role that a name like "X_train" or "testLabels" tells."""
    words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)]
    part = next((_PARTS[word] for word in words if word in _PARTS), NONE_GIVEN)
    return part, "".join(word for word in words if word not in _PARTS)


def _pick_by_shape(arrays: dict[str, Array], inputs: dict[int, str], answers: dict[int, str]) -> None:
    """Two arrays of the same length with names that tell nothing: the smaller one holds the answers."""
    known = next(iter(inputs.values()), None) or next(iter(answers.values()), None)
    names = [name for name, array in arrays.items() if array.ndim and name != known]
    if known is not None:
        names = [name for name in names if len(arrays[name]) == len(arrays[known])]
        if len(names) == 1:
            (answers if inputs else inputs)[next(iter(inputs or answers))] = names[0]
        return
    if len(names) == 2 and len(arrays[names[0]]) == len(arrays[names[1]]):
        larger, smaller = sorted(names, key=lambda name: -arrays[name].size)
        if arrays[larger].size > arrays[smaller].size:
            inputs[NONE_GIVEN], answers[NONE_GIVEN] = larger, smaller


def role_arrays(
    wanted: str | None, arrays: dict[str, Array], refusal: Callable[[str, Sequence[str]], DataError]
) -> dict[int, str]:
    """The array of each part that a name stands for: "w" is w, or w_train and w_test."""
    if wanted is None:
        return {}
    role = _role(wanted)[1] or wanted
    found = {_role(name)[0]: name for name in arrays if _role(name)[1] == role}
    if wanted in arrays:
        found[_role(wanted)[0]] = wanted
    if not found:
        raise refusal(wanted, list(arrays))
    return found


def choices(
    arrays: dict[str, Array], picked: Picked, others: set[str], suits: Callable[[Array, int], bool]
) -> tuple[str, ...]:
    """What else of the file may be chosen, by the name that stands for all its parts.

    Args:
        arrays: The file's.
        picked: What is taken already.
        others: What is taken beside it.
        suits: Whether an array can be that, for so many samples.
    """
    taken = {*picked.inputs.values(), *picked.answers.values(), picked.class_names, *others}
    part = min(picked.inputs)
    samples = len(arrays[picked.inputs[part]])
    return tuple(
        name if part == NONE_GIVEN else _role(name)[1] or name
        for name, array in arrays.items()
        if name not in taken and _role(name)[0] == part and suits(array, samples)
    )
