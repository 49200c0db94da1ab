"""Arrays as samples: which are inputs, which answers; pictures, whole numbers or measurements."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from workbench.core.errors import DataError
from workbench.data import pictures
from workbench.data.encode import RawSample, encode_array
from workbench.data.findings import counted, problem
from workbench.data.npz_file import read_arrays
from workbench.data.pictures import Numbered
from workbench.data.samples import Gathered, InputPreparation
from workbench.data.spec import ArrayPreparation, ColumnInfo, DataProblem, DatasetSpec, Kind
from workbench.data.split import NONE_GIVEN, TEST, TRAIN, VALIDATION
from workbench.data.target import Target, make_target
from workbench.data.weights import Weights, checked, no_weights, suitable_array
from workbench.data.work import Array, Work

_PARTS = {
    **dict.fromkeys(("train", "training", "tr"), TRAIN),
    **dict.fromkeys(("val", "valid", "validation", "dev"), VALIDATION),
    **dict.fromkeys(("test", "testing", "te"), TEST),
}
_INPUTS = ("x", "data", "features", "feature", "images", "image", "inputs", "input", "samples", "arr0")
_ANSWERS = ("y", "labels", "label", "targets", "target", "classes", "class", "outputs", "output", "arr1")
_NAMES = ("classnames", "labelnames", "targetnames", "categories")
_MOST_TOKENS = 200_000
_FEWEST_TOKENS = 20


class Arrays:
    """Samples that are arrays of one shape."""

    kind: Kind = "array"

    def __init__(self, array: Array, names: Sequence[str], *, integer: bool) -> None:
        self._array = array
        self._names = names
        self.integer = integer

    def __len__(self) -> int:
        return len(self._array)

    def name(self, index: int) -> str:
        return self._names[index]

    def raw(self, index: int) -> RawSample:
        sample: Array = self._array[index]
        return sample

    def path(self, index: int) -> Path | None:
        return None

    def frame(self) -> pl.DataFrame | None:
        return None

    def columns(self) -> tuple[ColumnInfo, ...]:
        return ()

    def fit(self, train: Array) -> InputPreparation:
        shape = tuple(self._array.shape[1:])
        if self.integer:
            return ArrayPreparation(shape=shape, integer=True)
        learned = self._array[train]
        axes = tuple(range(learned.ndim - 1)) if _each_of_last(shape) else None
        mean = np.atleast_1d(learned.mean(axis=axes, dtype=np.float64))
        std = np.atleast_1d(learned.std(axis=axes, dtype=np.float64))
        std = np.where(std > 1e-12 * np.maximum(1.0, np.abs(mean)), std, 1.0)
        return ArrayPreparation(shape=shape, mean=tuple(mean.tolist()), std=tuple(std.tolist()))

    def encode(self, prep: InputPreparation, order: Array) -> Array:
        assert isinstance(prep, ArrayPreparation)
        return encode_array(prep, self._array[order])


def _each_of_last(shape: tuple[int, ...]) -> bool:
    """Whether the last axis holds different things (features, channels), not places in a picture."""
    return len(shape) != 2 or shape[0] != shape[1]


@dataclass
class _Picked:
    inputs: dict[int, str]
    answers: dict[int, str]
    class_names: str | None


def gather(spec: DatasetSpec, path: Path, title: str, work: Work) -> Gathered:
    """Read a `.npz`.

    Raises:
        DataError: It holds no inputs with answers of the same number.
        FileError: It cannot be read.
    """
    arrays = read_arrays(path, work)
    weighed = _weight_arrays(spec, arrays)
    picked = _pick(spec, path, {name: array for name, array in arrays.items() if name not in weighed.values()})
    problems: list[DataProblem] = []
    parts = sorted(picked.inputs)
    given = _given([len(arrays[picked.inputs[part]]) for part in parts], parts)
    x = _joined([arrays[picked.inputs[part]] for part in parts], path)
    cells = _answers([arrays[picked.answers[part]] for part in parts], path)
    if len(x) != len(cells):
        raise DataError(
            "There must be one answer a sample.",
            f"{len(x):,} samples and {len(cells):,} answers in {path.name}",
            "Save both with the same length.",
        )
    names = None if picked.class_names is None else arrays[picked.class_names]
    target = _renamed(make_target(picked.answers[parts[0]], cells, spec.task), names)
    kept = _usable(x, target, problems)
    lost = len(x) - len(kept)
    if lost:
        target = _only(target, kept)
        x, given = x[kept], None if given is None else given[kept]
    labels = Numbered("sample", kept.tolist())
    weights, choices = _weights(spec, arrays, picked, weighed, kept), _weight_choices(arrays, picked, weighed)
    if _is_pictures(x):
        return Gathered(
            title, pictures.from_array(spec, _channels_last(x), labels, work), target, given, problems, weights, choices
        )
    x = x[:, None] if x.ndim == 1 else x
    return Gathered(title, Arrays(x, labels, integer=_is_tokens(x)), target, given, problems, weights, choices)


def _weight_arrays(spec: DatasetSpec, arrays: dict[str, Array]) -> dict[int, str]:
    """The array of weights of each part: "w" is w, or w_train and w_test."""
    wanted = spec.weight_column
    if wanted is None:
        return {}
    role = _role(wanted)[1] or wanted
    found = {_role(name)[0]: name for name in arrays if _role(name)[1] == role}
    if wanted in arrays:
        found[_role(wanted)[0]] = wanted
    if not found:
        raise no_weights(wanted, list(arrays))
    return found


def _weights(
    spec: DatasetSpec, arrays: dict[str, Array], picked: _Picked, weighed: dict[int, str], kept: Array
) -> Weights | None:
    if spec.weight_column is None:
        return None
    pieces = []
    for part in sorted(picked.inputs):
        name = weighed.get(part, "")
        array, samples = arrays.get(name), len(arrays[picked.inputs[part]])
        if array is None or array.dtype.kind not in "biuf" or array.shape not in ((samples,), (samples, 1)):
            raise DataError(
                "There must be one weight a sample.",
                f"{picked.inputs[part]} {arrays[picked.inputs[part]].shape} and "
                + (f"{name} {array.shape} of {array.dtype}" if array is not None else "no weights for it"),
                "Save as many weights as samples, or choose another array, or none.",
            )
        pieces.append(array.reshape(-1).astype(np.float64))
    values = np.concatenate(pieces)[kept]
    return checked(spec.weight_column, values, lambda place: f"sample {kept[place]}: {values[place]:g}")


def _weight_choices(arrays: dict[str, Array], picked: _Picked, weighed: dict[int, str]) -> tuple[str, ...]:
    taken = {*picked.inputs.values(), *picked.answers.values(), picked.class_names} - set(weighed.values())
    part = min(picked.inputs)
    samples = len(arrays[picked.inputs[part]])
    return tuple(
        name if part == NONE_GIVEN else _role(name)[1] or name
        for name, array in arrays.items()
        if name not in taken and _role(name)[0] == part and suitable_array(array, samples)
    )


def _pick(spec: DatasetSpec, path: Path, arrays: dict[str, Array]) -> _Picked:
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
    return _Picked({part: inputs[part] for part in both}, {part: answers[part] for part in both}, class_names)


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


def _given(lengths: list[int], parts: list[int]) -> Array | None:
    if parts == [NONE_GIVEN] or parts == [TRAIN]:
        return None
    return np.repeat(np.array(parts, np.int8), lengths)


def _joined(pieces: list[Array], path: Path) -> Array:
    if any(piece.ndim == 0 or piece.dtype.kind not in "biuf" for piece in pieces):
        raise DataError(
            "Inputs must be arrays of numbers.", f"{pieces[0].dtype} in {path.name}", "Save them as float32 or uint8."
        )
    if len({piece.shape[1:] for piece in pieces}) > 1:
        shapes = " and ".join(str(piece.shape[1:]) for piece in pieces)
        raise DataError("The parts must hold samples of one shape.", f"{shapes} in {path.name}", "Save them alike.")
    joined = pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
    if joined.size == 0:
        raise DataError("There must be samples.", f"an empty array of shape {joined.shape}", "Save some samples.")
    return joined.astype(np.uint8) if joined.dtype == np.bool_ else joined


def _answers(pieces: list[Array], path: Path) -> Array:
    flat = []
    for piece in pieces:
        if piece.ndim == 2 and piece.shape[1] == 1:
            flat.append(piece[:, 0])
        elif piece.ndim == 2 and _is_one_hot(piece):
            flat.append(piece.argmax(axis=1))
        elif piece.ndim == 1:
            flat.append(piece)
        else:
            raise DataError(
                "There must be one answer a sample.",
                f"answers of shape {piece.shape} in {path.name}",
                "Save one column.",
            )
    return np.concatenate(flat)


def _is_one_hot(piece: Array) -> bool:
    return piece.dtype.kind in "biuf" and bool(((piece == 0) | (piece == 1)).all() and (piece.sum(axis=1) == 1).all())


def _renamed(target: Target, names: Array | None) -> Target:
    """The target with the classes' names that lie beside it, where their number fits."""
    if names is None or target.task != "classification" or not all(name.isdecimal() for name in target.classes):
        return target
    texts = [
        name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name) for name in names.ravel().tolist()
    ]
    numbers = [int(name) for name in target.classes]
    if max(numbers) >= len(texts) or len(set(texts)) < len(texts):
        return target
    classes = tuple(texts[number] for number in numbers)
    return Target(target.name, target.task, classes, target.ids, target.values, target.known)


def _usable(x: Array, target: Target, problems: list[DataProblem]) -> Array:
    """The numbers of the samples with an answer and finite inputs."""
    known = target.known
    if not known.all():
        missing = np.flatnonzero(~known)
        message = f"{counted(len(missing), 'sample')} left out: no answer in '{target.name}'."
        problems.append(
            problem(message, "Fill in the answers, or leave it so.", [f"sample {number}" for number in missing])
        )
    finite: Array = np.ones(len(x), bool)
    if x.dtype.kind == "f":
        finite = np.asarray(np.isfinite(x.reshape(len(x), -1)).all(axis=1))
    odd = np.flatnonzero(~finite)
    if len(odd):
        message = f"{counted(len(odd), 'sample')} left out: NaN or infinite numbers, which would ruin the network."
        problems.append(problem(message, "Fill in these numbers to use them.", [f"sample {number}" for number in odd]))
    kept = np.flatnonzero(known & finite)
    if len(kept) == 0:
        raise DataError(
            "There must be samples without NaN or infinite numbers.",
            f"none of {len(x):,}",
            "Fill in the missing numbers.",
        )
    return kept


def _only(target: Target, kept: Array) -> Target:
    places = np.cumsum(target.known)[kept] - 1
    ids, values = target.ids[places], target.values[places]
    if target.task == "regression":
        return Target(target.name, "regression", (), ids, values, np.ones(len(kept), bool))
    left = np.unique(ids)
    classes = tuple(target.classes[number] for number in left)
    return Target(
        target.name,
        "classification",
        classes,
        np.searchsorted(left, ids).astype(np.int32),
        values,
        np.ones(len(kept), bool),
    )


def _is_pictures(x: Array) -> bool:
    if x.dtype != np.uint8 or x.ndim not in (3, 4) or 0 in x.shape:
        return False
    return x.ndim == 3 or x.shape[3] in (1, 3, 4) or x.shape[1] in (1, 3)


def _channels_last(x: Array) -> Array:
    if x.ndim == 4 and x.shape[3] not in (1, 3, 4):
        return np.ascontiguousarray(np.moveaxis(x, 1, 3))
    return x


def _is_tokens(x: Array) -> bool:
    """Whether rows of whole numbers read like texts or other sequences, made for an Embedding.

    Their places share one vocabulary, so that the largest numbers of the places are alike; columns of a table differ.
    """
    if x.dtype.kind not in "iu" or x.dtype == np.uint8 or x.ndim != 2 or x.shape[1] < 4:
        return False
    largest = int(x.max())
    if int(x.min()) < 0 or not _FEWEST_TOKENS <= largest < _MOST_TOKENS:
        return False
    if largest <= 255 and x.shape[1] >= 64 and math.isqrt(x.shape[1]) ** 2 == x.shape[1]:
        return False  # a flattened picture
    return float(np.median(x.max(axis=0))) >= 0.3 * largest
