"""What every source turns into before it is parted: the samples, their answers, and what was found wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import polars as pl

from workbench.data.encode import RawSample
from workbench.data.spec import (
    ArrayPreparation,
    ColumnInfo,
    DataProblem,
    ImagePreparation,
    Kind,
    TablePreparation,
)
from workbench.data.target import Target
from workbench.data.weights import Weights
from workbench.data.work import Array

InputPreparation = ImagePreparation | TablePreparation | ArrayPreparation


class Samples(Protocol):
    """The usable samples of a source, numbered from 0."""

    kind: Kind

    def __len__(self) -> int: ...

    def name(self, index: int) -> str:
        """How a person would find the sample."""

    def raw(self, index: int) -> RawSample:
        """The sample as it came."""

    def path(self, index: int) -> Path | None:
        """The sample's own file, where it has one."""

    def frame(self) -> pl.DataFrame | None:
        """All samples as a table, where they are one."""

    def fit(self, train: Array) -> InputPreparation:
        """Learn the preparation from the samples of those numbers."""

    def encode(self, prep: InputPreparation, order: Array) -> Array:
        """The samples of those numbers as the parts hold them."""

    def columns(self) -> tuple[ColumnInfo, ...]:
        """What is known of each column, where there are any."""


@dataclass
class Gathered:
    """A source, read."""

    title: str
    samples: Samples
    target: Target
    given: Array | None = None
    problems: list[DataProblem] = field(default_factory=list)
    weights: Weights | None = None
    weight_choices: tuple[str, ...] = ()
    further: tuple[Target, ...] = ()
    further_choices: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[Target, ...]:
        """All targets, the main one first."""
        return (self.target, *self.further)
