"""Arrays as samples: which are inputs, which answers; pictures, whole numbers or measurements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from workbench.core.errors import DataError
from workbench.data import pictures
from workbench.data.encode import RawSample, encode_array
from workbench.data.findings import counted, listed, problem
from workbench.data.npz_file import read_arrays
from workbench.data.npz_roles import Picked, choices, pick, role_arrays
from workbench.data.pictures import Numbered
from workbench.data.samples import Gathered, InputPreparation, Samples
from workbench.data.spec import ArrayPreparation, ColumnInfo, DataProblem, DatasetSpec, Kind
from workbench.data.split import NONE_GIVEN, TRAIN
from workbench.data.target import Target, make_target, only, require_apart
from workbench.data.weights import Weights, checked, no_weights, suitable_array
from workbench.data.work import Array, Work

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


def gather(spec: DatasetSpec, path: Path, title: str, work: Work) -> Gathered:
    """Read a `.npz`.

    Raises:
        DataError: It holds no inputs with answers of the same number.
        FileError: It cannot be read.
    """
    arrays = read_arrays(path, work)
    weighed = role_arrays(spec.weight_column, arrays, no_weights)
    others = [role_arrays(target.name, arrays, _no_target) for target in spec.further]
    taken = {name for found in (weighed, *others) for name in found.values()}
    picked = pick(spec, path, {name: array for name, array in arrays.items() if name not in taken})
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
    targets = [_renamed(make_target(picked.answers[parts[0]], cells, spec.task), names)]
    targets += [
        make_target(wanted.name, _other_answers(arrays, picked, found, path), wanted.task)
        for wanted, found in zip(spec.further, others, strict=True)
    ]
    require_apart([target.name for target in targets], spec.weight_column)
    kept = _usable(x, targets, problems)
    if len(kept) < len(x):
        targets = [only(target, kept) for target in targets]
        x, given = x[kept], None if given is None else given[kept]
    labels = Numbered("sample", kept.tolist())
    samples: Samples
    if _is_pictures(x):
        samples = pictures.from_array(spec, _channels_last(x), labels, work)
    else:
        x = x[:, None] if x.ndim == 1 else x
        samples = Arrays(x, labels, integer=_is_tokens(x))
    return Gathered(
        title,
        samples,
        targets[0],
        given,
        problems,
        _weights(spec, arrays, picked, weighed, kept),
        choices(arrays, picked, taken - set(weighed.values()), suitable_array),
        tuple(targets[1:]),
        choices(arrays, picked, set(weighed.values()), _suitable_answers),
    )


def _no_target(wanted: str, names: Sequence[str]) -> DataError:
    return DataError("A further target must be an array of the file.", repr(wanted), f"There are: {listed(names, 12)}.")


def _other_answers(arrays: dict[str, Array], picked: Picked, found: dict[int, str], path: Path) -> Array:
    """A further target's cells, one a sample."""
    pieces = []
    for part in sorted(picked.inputs):
        array, samples = arrays.get(found.get(part, "")), len(arrays[picked.inputs[part]])
        if array is None or array.ndim == 0 or len(array) != samples:
            has = f"{found[part]} has {array.shape}" if array is not None else "no answers for them"
            raise DataError(
                "There must be one answer a sample.",
                f"{samples:,} samples in {picked.inputs[part]}, and {has}, in {path.name}",
                "Save both with the same length, or take this further target away.",
            )
        pieces.append(array)
    return _answers(pieces, path)


def _suitable_answers(array: Array, samples: int) -> bool:
    """Whether an array may hold one answer for each of that many samples."""
    if array.ndim not in (1, 2) or len(array) != samples or array.dtype.kind not in "biufUS":
        return False
    return array.ndim == 1 or array.shape[1] == 1 or _is_one_hot(array)


def _weights(
    spec: DatasetSpec, arrays: dict[str, Array], picked: Picked, weighed: dict[int, str], kept: Array
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


def _usable(x: Array, targets: Sequence[Target], problems: list[DataProblem]) -> Array:
    """The numbers of the samples with all their answers and finite inputs."""
    known = np.logical_and.reduce([target.known for target in targets])
    for target in targets:
        missing = np.flatnonzero(~target.known)
        if not len(missing):
            continue
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
