"""The door to the data: detect what was picked, open it, and hand out its parts, its raw samples and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from workbench.core.cancel import CancelToken
from workbench.data.detect import detect
from workbench.data.encode import RawSample, Row
from workbench.data.gather import gather
from workbench.data.quality import class_problems, duplicates
from workbench.data.samples import Gathered, InputPreparation
from workbench.data.spec import (
    ArrayPreparation,
    ClassTarget,
    DatasetInfo,
    DatasetSpec,
    ImagePreparation,
    Preparation,
    TablePreparation,
    TargetInfo,
    ValueTarget,
)
from workbench.data.split import PART_NAMES, PartName, split, value_groups
from workbench.data.target import Target
from workbench.data.weights import require_effect
from workbench.data.work import Array, Progress, Work

__all__ = ["Dataset", "Part", "PartName", "Progress", "RawSample", "Row", "detect", "open_dataset"]


@dataclass(frozen=True)
class Part:
    """One part of the samples, encoded.

    Args:
        x: Pictures: uint8 [samples, height, width, channels], not yet scaled. Tables and arrays: float32, scaled; int32
            for whole-number input.
        y: The main target: int32 class numbers, or float32 values standardised by the training part.
        index: The samples' numbers, as `Dataset.raw` takes them, in rising order.
        weight: float32, how much each sample counts in the loss; None where all count alike.
        further: The further targets, in the order of the preparation's, each as `y`.
    """

    x: Array
    y: Array
    index: Array
    weight: Array | None = None
    further: tuple[Array, ...] = ()

    @property
    def answers(self) -> tuple[Array, ...]:
        """Of all targets, the main one first."""
        return (self.y, *self.further)

    def __len__(self) -> int:
        return len(self.index)


class Dataset:
    """Samples, parted and prepared. Safe to read from several threads; nothing of it changes.

    Samples are numbered from 0 in the order of their source, those left out not counted.
    """

    def __init__(
        self, spec: DatasetSpec, info: DatasetInfo, preparation: Preparation, gathered: Gathered, parts: dict[str, Part]
    ) -> None:
        self.spec = spec
        self.info = info
        self.preparation = preparation
        self._gathered = gathered
        self._parts = parts

    def part(self, name: PartName) -> Part:
        """The samples of one part; the arrays may not be written to."""
        return self._parts[name]

    def sample_name(self, index: int) -> str:
        """How a person would find the sample: its file, "line 17", "digit 12"."""
        return self._gathered.samples.name(index)

    def raw(self, index: int) -> RawSample:
        """The sample as it came: a uint8 picture at its own size, a row by column name, or an array.

        Raises:
            DataError: Its file is gone or has become unreadable.
        """
        return self._gathered.samples.raw(index)

    def raw_source(self, index: int) -> Path | None:
        """The sample's own file, for pictures from folders."""
        return self._gathered.samples.path(index)

    def label(self, index: int, place: int = 0) -> str | float:
        """The true answer: a class's name, or a value in its own unit.

        Args:
            index: The sample's number.
            place: Of which target, 0 the main one.
        """
        target = self._gathered.targets[place]
        if target.task == "classification":
            return target.classes[int(target.ids[index])]
        return float(target.values[index])

    def table(self) -> pl.DataFrame | None:
        """All rows with every column, the target and those left out included; None for other kinds."""
        return self._gathered.samples.frame()

    def golden_indices(self, count: int) -> list[int]:
        """Up to `count` samples spread evenly over the test part."""
        index = self._parts["test"].index
        places = np.unique(np.linspace(0, len(index) - 1, min(count, len(index))).round().astype(int))
        return [int(index[place]) for place in places]

    def golden(self, count: int) -> list[RawSample]:
        """The raw samples that an export is compared on."""
        return [self.raw(index) for index in self.golden_indices(count)]


def open_dataset(
    spec: DatasetSpec,
    *,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
    thorough: bool = True,
) -> Dataset:
    """Read what was picked, part it and prepare it. The same spec and source give the same dataset.

    Args:
        spec: What was picked.
        progress: Told how far it is.
        cancel: Looked at often.
        thorough: Also look for samples that are in two parts, which takes as long as all else; it stops no training.

    Raises:
        DataError: It cannot be used; the hint says what to do.
        FileError: It cannot be read.
        Cancelled: The user asked for the end.
    """
    work = Work(progress, cancel)
    gathered = gather(spec, work)
    targets, samples = gathered.targets, gathered.samples
    work.tell(None, "Parting the samples")
    indices = dict(zip(PART_NAMES, split(spec.split, _groups(spec, gathered.target), gathered.given), strict=True))
    prepared = samples.fit(indices["train"])
    fitted = [_target_preparation(target, indices["train"], main=not place) for place, target in enumerate(targets)]
    preparation = Preparation(input=prepared, target=fitted[0], further=tuple(fitted[1:]))
    order = np.concatenate([indices[name] for name in PART_NAMES])
    x = samples.encode(prepared, order)
    x.setflags(write=False)
    encoded = [_encoded_target(one, target) for one, target in zip(fitted, targets, strict=True)]
    weights = gathered.weights
    if weights is not None:
        gathered.problems += require_effect(weights, indices["train"])
    parts: dict[str, Part] = {}
    start = 0
    for name in PART_NAMES:
        index = indices[name]
        y, *further = (answers[index] for answers in encoded)
        weight = None if weights is None else weights.values[index]
        parts[name] = Part(x[start : start + len(index)], y, index, weight, tuple(further))
        start += len(index)
    work.tell(None, "Looking for problems")
    info = _info(gathered, prepared, x, parts, thorough)
    return Dataset(spec, info, preparation, gathered, parts)


def _groups(spec: DatasetSpec, target: Target) -> Array:
    if not spec.split.stratify:
        return np.zeros(len(target), np.int64)
    return target.ids if target.task == "classification" else value_groups(target.values)


def _target_preparation(target: Target, train: Array, *, main: bool) -> ClassTarget | ValueTarget:
    if target.task == "classification":
        return ClassTarget(classes=target.classes, name="" if main else target.name)
    learned = target.values[train]
    return ValueTarget(name=target.name, mean=float(learned.mean()), std=float(learned.std()) or 1.0)


def _encoded_target(fitted: ClassTarget | ValueTarget, target: Target) -> Array:
    if isinstance(fitted, ClassTarget):
        return target.ids.astype(np.int32)
    return ((target.values - fitted.mean) / fitted.std).astype(np.float32)


def _target_info(target: Target) -> TargetInfo:
    if target.task == "regression":
        low, high = float(target.values.min()), float(target.values.max())
        return TargetInfo(name=target.name, task=target.task, range=(low, high))
    counts = np.bincount(target.ids, minlength=len(target.classes)).tolist()
    return TargetInfo(name=target.name, task=target.task, classes=target.classes, class_counts=tuple(counts))


def _info(
    gathered: Gathered, prepared: InputPreparation, x: Array, parts: dict[str, Part], thorough: bool
) -> DatasetInfo:
    main, *further = map(_target_info, gathered.targets)
    samples, train = gathered.samples, parts["train"].index
    problems = [*gathered.problems, *class_problems(gathered.target, train)]
    for target in gathered.further:
        problems += class_problems(target, train, f"Of '{target.name}': ")
    if thorough:
        names = {name: [samples.name(int(number)) for number in parts[name].index] for name in ("validation", "test")}
        problems += duplicates(samples.kind, {name: part.x for name, part in parts.items()}, names)
    integer = isinstance(prepared, ArrayPreparation) and prepared.integer
    return DatasetInfo(
        title=gathered.title,
        kind=samples.kind,
        task=main.task,
        input_shape=_input_shape(prepared, x),
        integer_input=integer,
        vocabulary=int(x.max()) + 1 if integer else 0,
        classes=main.classes,
        class_counts=main.class_counts,
        target=main.name,
        weight=gathered.weights.name if gathered.weights is not None else "",
        weight_choices=gathered.weight_choices,
        target_range=main.range,
        further=tuple(further),
        further_choices=gathered.further_choices,
        samples=len(samples),
        train_samples=len(parts["train"]),
        validation_samples=len(parts["validation"]),
        test_samples=len(parts["test"]),
        columns=samples.columns(),
        features=prepared.sources if isinstance(prepared, TablePreparation) else (),
        problems=tuple(sorted(problems, key=lambda found: found.severity != "error")),
    )


def _input_shape(prepared: InputPreparation, x: Array) -> tuple[int, ...]:
    if isinstance(prepared, ImagePreparation):
        return prepared.height, prepared.width, prepared.channels
    return tuple(x.shape[1:])
