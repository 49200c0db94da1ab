"""Tables as samples: rows by column name, encoded by what the training part teaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from workbench.core.errors import DataError
from workbench.data import weights as weighing
from workbench.data.columns import MOST_CATEGORIES, TypedTable, target_cells, type_columns
from workbench.data.csv_file import read_table
from workbench.data.encode import RawSample, encode_rows
from workbench.data.findings import counted, problem
from workbench.data.pictures import Numbered
from workbench.data.samples import Gathered, InputPreparation
from workbench.data.spec import (
    CategoricalColumn,
    ColumnInfo,
    DataProblem,
    DatasetSpec,
    Kind,
    NumericColumn,
    TablePreparation,
    Task,
)
from workbench.data.target import Target, find_column, make_target, natural, only, require_apart, suggest_target
from workbench.data.work import Array, Work


class Rows:
    """A table's usable rows."""

    kind: Kind = "table"

    def __init__(self, table: TypedTable, names: Sequence[str]) -> None:
        self._table = table
        self._names = names
        self._inputs = [column.name for column in table.columns if column.kind in ("numeric", "categorical")]

    def __len__(self) -> int:
        return self._table.frame.height

    def name(self, index: int) -> str:
        return self._names[index]

    def raw(self, index: int) -> RawSample:
        return self._table.frame.select(self._inputs).row(index, named=True)

    def path(self, index: int) -> Path | None:
        return None

    def frame(self) -> pl.DataFrame | None:
        return self._table.frame

    def columns(self) -> tuple[ColumnInfo, ...]:
        return self._table.columns

    def fit(self, train: Array) -> InputPreparation:
        learned = self._table.frame[train.tolist()]
        numeric = set(self._table.used("numeric"))
        return TablePreparation(
            columns=tuple(
                _fit_numeric(learned[name]) if name in numeric else _fit_categorical(learned[name])
                for name in self._inputs
            )
        )

    def encode(self, prep: InputPreparation, order: Array) -> Array:
        assert isinstance(prep, TablePreparation)
        return encode_rows(prep, self._table.frame[order.tolist()])


def _fit_numeric(series: pl.Series) -> NumericColumn:
    with np.errstate(over="ignore"):
        values = series.to_numpy().astype(np.float32).astype(np.float64)
    known = np.isfinite(values)
    fill = float(np.float32(np.median(values[known]))) if known.any() else 0.0
    filled = np.where(known, values, fill)
    std = float(filled.std())
    # A column that is all but constant in the training part is only shifted.
    usable = std > 1e-12 * max(1.0, float(np.abs(filled).max()))
    return NumericColumn(
        name=series.name,
        mean=float(filled.mean()),
        std=std if usable else 1.0,
        fill=fill,
        missing_flag=bool((~known).any()),
    )


def _fit_categorical(series: pl.Series) -> CategoricalColumn:
    seen = Counter(series.drop_nulls().to_list())
    most = sorted(seen, key=lambda word: (-seen[word], word))[:MOST_CATEGORIES]
    return CategoricalColumn(name=series.name, categories=tuple(sorted(most, key=natural)))


def gather(spec: DatasetSpec, path: Path, title: str, work: Work) -> Gathered:
    """Read a CSV.

    Raises:
        DataError: It holds nothing to learn from.
        FileError: It cannot be read.
    """
    table = read_table(path, spec, work)
    work.tell(0.5, "Looking at the columns")
    return from_frame(spec, table.frame, title, table.lines, "line", table.problems)


def from_frame(
    spec: DatasetSpec,
    frame: pl.DataFrame,
    title: str,
    lines: Sequence[int],
    word: str,
    problems: Sequence[DataProblem] = (),
) -> Gathered:
    """Samples from a table of texts or numbers.

    Args:
        spec: The user's choices.
        frame: Null where a value is missing.
        title: The dataset's name.
        lines: Where each row stands.
        word: What `lines` counts: "line" of a file, "row" of a built-in table.
        problems: What was found so far.

    Raises:
        DataError: There is nothing to learn from.
    """
    found = list(problems)
    weight, named = _weight_name(spec, frame), [target.name for target in spec.further]
    usable = [
        name
        for name in frame.columns
        if name not in (*spec.ignored, weight, *named) and frame[name].null_count() < frame.height
    ]
    if not usable:
        raise DataError("A table must hold values.", "only empty cells", "Choose another file.")
    name = suggest_target(usable) if spec.target is None else find_column(frame.columns, spec.target)
    others = [find_column(frame.columns, other) for other in named]
    require_apart([name, *others], weight)
    tasks = (spec.task, *(target.task for target in spec.further))
    asked = [_target(frame[one], lines, task, found) for one, task in zip((name, *others), tasks, strict=True)]
    (target, *further), frame, lines = _answered(asked, frame, lines, word, found)
    weights = None if weight is None else weighing.from_column(frame[weight], lines, word)
    typed = type_columns(frame, name, spec, lines, weight, others)
    found.extend(typed.problems)
    choices = weighing.suitable_columns(typed, weight)
    able = tuple(info.name for info in typed.columns if info.kind not in ("target", "weight") and info.distinct > 1)
    samples = Rows(typed, Numbered(word, lines))
    return Gathered(title, samples, target, None, found, weights, choices, tuple(further), able)


def _target(series: pl.Series, lines: Sequence[int], task: Task | None, found: list[DataProblem]) -> Target:
    cells = target_cells(series, lines, task, found)
    return make_target(series.name, cells.to_numpy() if cells.dtype == pl.Float64 else cells.to_list(), task)


def _weight_name(spec: DatasetSpec, frame: pl.DataFrame) -> str | None:
    wanted = spec.weight_column
    if wanted is not None and wanted not in frame.columns:
        raise weighing.no_weights(wanted, frame.columns)
    return wanted


def _answered(
    targets: Sequence[Target], frame: pl.DataFrame, lines: Sequence[int], word: str, found: list[DataProblem]
) -> tuple[Sequence[Target], pl.DataFrame, Sequence[int]]:
    """The rows that have an answer for every target."""
    known = np.logical_and.reduce([target.known for target in targets])
    if known.all():
        return targets, frame, lines
    for target in targets:
        missing = np.flatnonzero(~target.known).tolist()
        if missing:
            message = f"{counted(len(missing), 'row')} left out: no answer in '{target.name}'."
            named = [f"{word} {lines[place]}" for place in missing]
            found.append(problem(message, "Fill in the answers, or leave it so.", named))
    kept = np.flatnonzero(known)
    if not len(kept):
        raise DataError("There must be rows with an answer for every target.", "none", "Take a target away.")
    rows = kept.tolist()
    return [only(target, kept) for target in targets], frame[rows], [lines[place] for place in rows]
