"""What each column of a table is: numbers, categories, or of no use; odd cells found and named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from workbench.core.errors import DataError
from workbench.data.findings import counted, listed, problem
from workbench.data.missing import MISSING_WORDS
from workbench.data.spec import ColumnInfo, DataProblem, DatasetSpec, Task

MOST_CATEGORIES = 256
_MOST_ODD = 0.05
_ID_NAME = re.compile(r"(^|[\s_\-.])(id|index|idx|key|uuid|guid|row|nr|no|number)$|^unnamed", re.IGNORECASE)
_DECIMAL_COMMA = r"^[+-]?\d{1,3}(\.\d{3})*,\d+$|^[+-]?\d+(,\d+)?$"


@dataclass(frozen=True)
class TypedTable:
    """Columns with their kinds; numeric ones are Float64 with null where missing, the others String."""

    frame: pl.DataFrame
    columns: tuple[ColumnInfo, ...]
    problems: list[DataProblem]

    def used(self, kind: str) -> list[str]:
        return [column.name for column in self.columns if column.kind == kind]


def target_cells(series: pl.Series, lines: Sequence[int], task: Task | None, problems: list[DataProblem]) -> pl.Series:
    """A target's cells: numbers where nearly all of them are, unless texts were asked to be classes."""
    blanked = _blanked(series)
    return blanked if task == "classification" else _typed(blanked, lines, problems)


def as_numbers(series: pl.Series) -> pl.Series:
    """A column's cells as Float64, null where there is no number."""
    numbers = _typed(_blanked(series), range(series.len()), [])
    return numbers if numbers.dtype == pl.Float64 else numbers.cast(pl.Float64, strict=False)


def type_columns(
    texts: pl.DataFrame,
    target: str,
    spec: DatasetSpec,
    lines: Sequence[int],
    weight: str | None = None,
    further: Sequence[str] = (),
) -> TypedTable:
    """Find the kind of every column.

    Args:
        texts: Texts or numbers by column name; null where missing.
        target: The column to predict; kept as it is.
        spec: Which columns are left out, kept or taken as categories.
        lines: The line that each row stands on, for messages.
        weight: The column of the samples' weights, where there is one; the network does not see it.
        further: Further columns to predict; kept as they are, and not seen by the network either.

    Raises:
        DataError: A column that the user named is not there, or none is left to learn from.
    """
    for name in (*spec.ignored, *spec.categorical, *spec.used):
        if name not in texts.columns:
            raise DataError(
                "A chosen column must be in the table.", repr(name), f"Columns: {listed(texts.columns, 12)}."
            )
    problems: list[DataProblem] = []
    series: list[pl.Series] = []
    infos: list[ColumnInfo] = []
    useless: dict[str, list[str]] = {}
    for name in texts.columns:
        column = _blanked(texts[name])
        example = next((str(value) for value in column.head(100).drop_nulls()), "")
        if name == target or name in further:
            series.append(column)
            infos.append(_info(column, "target" if name == target else "further", example))
            continue
        if name == weight:
            series.append(as_numbers(column))
            infos.append(_info(series[-1], "weight", example))
            continue
        typed = column if name in spec.categorical else _typed(column, lines, problems)
        reason = None if name in spec.ignored else _why_useless(name, typed, spec)
        if reason is not None:
            useless.setdefault(reason, []).append(name)
        if name in spec.ignored or reason is not None:
            infos.append(_info(typed, "ignored", example))
        else:
            infos.append(_info(typed, "numeric" if typed.dtype == pl.Float64 else "categorical", example))
        series.append(typed)
    for reason, names in useless.items():
        message = f"{counted(len(names), 'column')} left out: {reason} ({listed(names)})."
        problems.append(problem(message, "Tick the column to use it all the same.", names))
    _tell_sparse(infos, texts.height, problems)
    if not any(info.kind in ("numeric", "categorical") for info in infos):
        raise DataError(
            "A table needs at least one usable column beside the target.",
            problems[-1].message.rstrip(".") if useless else "every other column is left out",
            "Choose another target, or use a column that was left out.",
        )
    return TypedTable(pl.DataFrame(series), tuple(infos), problems)


def _info(series: pl.Series, kind: str, example: str) -> ColumnInfo:
    present = series.drop_nulls()
    return ColumnInfo.model_validate(
        {
            "name": series.name,
            "kind": kind,
            "missing": series.null_count(),
            "distinct": present.n_unique(),
            "example": example,
        }
    )


def _blanked(series: pl.Series) -> pl.Series:
    """Texts with null for each word that stands for nothing; numbers as Float64 with null for NaN."""
    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        return series.cast(pl.Float64).fill_nan(None)
    texts = series.cast(pl.String)
    missing = texts.str.strip_chars().str.to_lowercase().is_in(sorted(MISSING_WORDS))
    return texts.to_frame().select(pl.when(missing).then(None).otherwise(texts).alias(series.name)).to_series()


def _typed(series: pl.Series, lines: Sequence[int], problems: list[DataProblem]) -> pl.Series:
    """The column as numbers, where nearly all of it is; else as it is."""
    if series.dtype == pl.Float64:
        return _finite(series, problems)
    present = series.len() - series.null_count()
    if present == 0:
        return series
    numbers = series.cast(pl.Float64, strict=False)
    if numbers.null_count() > series.null_count():
        comma = _with_comma(series)
        numbers = comma if comma is not None else numbers
    odd = series.is_not_null() & numbers.is_null()
    count = int(odd.sum())
    if count == 0:
        return _finite(numbers, problems)
    if count > _MOST_ODD * present or numbers.n_unique() < 10:
        if count < present / 2:
            message = f"Column '{series.name}' mixes numbers and texts: taken as categories."
            problems.append(
                problem(message, "Mend the texts if it should hold numbers.", _odd_cells(series, odd, lines))
            )
        return series
    message = f"Column '{series.name}' holds {counted(count, 'text')} among its numbers: taken as missing."
    problems.append(problem(message, "Mend these cells.", _odd_cells(series, odd, lines)))
    return _finite(numbers, problems)


def _odd_cells(series: pl.Series, odd: pl.Series, lines: Sequence[int]) -> list[str]:
    return [f"line {lines[place]}: '{series[place]}'" for place in odd.arg_true().head(20).to_list()]


def _with_comma(series: pl.Series) -> pl.Series | None:
    """Numbers written with a decimal comma, where all are."""
    present = series.drop_nulls()
    if not bool(present.str.contains(_DECIMAL_COMMA).all()):
        return None
    plain = series.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return plain.cast(pl.Float64, strict=False)


def _finite(numbers: pl.Series, problems: list[DataProblem]) -> pl.Series:
    numbers = numbers.fill_nan(None)
    infinite = int(numbers.is_infinite().sum() or 0)
    if not infinite:
        return numbers
    message = f"Column '{numbers.name}' holds {counted(infinite, 'infinite number')}: taken as missing."
    problems.append(problem(message, "Mend these cells.", [numbers.name]))
    finite = pl.when(numbers.is_infinite()).then(None).otherwise(numbers).alias(numbers.name)
    return numbers.to_frame().select(finite).to_series()


def _why_useless(name: str, series: pl.Series, spec: DatasetSpec) -> str | None:
    present = series.drop_nulls()
    distinct, rows = present.n_unique(), present.len()
    if rows == 0:
        return "empty"
    if name in spec.used:
        return None
    if distinct == 1 and (series.null_count() == 0 or series.dtype == pl.Float64):
        return "the same in every row"
    if series.dtype == pl.Float64:
        return "row numbers, which tell nothing" if _is_row_number(name, present) else None
    if name in spec.categorical:
        return None
    if distinct > 20 and distinct > rows / 2:
        return "another text in almost every row"
    return None


def _is_row_number(name: str, present: pl.Series) -> bool:
    rows = present.len()
    if rows < 10 or not bool((present.round() == present).all()):
        return False
    steps = present.diff().drop_nulls()
    if bool((steps == 1).all()):
        return True
    return _ID_NAME.search(name) is not None and present.n_unique() > 0.95 * rows


def _tell_sparse(infos: list[ColumnInfo], rows: int, problems: list[DataProblem]) -> None:
    used = [info for info in infos if info.kind in ("numeric", "categorical")]
    some = [info for info in used if info.missing]
    if some:
        cells = sum(info.missing for info in some)
        message = f"{counted(cells, 'value')} missing in {counted(len(some), 'column')}: filled from the training part."
        named = [f"{info.name}: {info.missing} of {rows}" for info in sorted(some, key=lambda info: -info.missing)]
        problems.append(problem(message, "Leave out a column that misses most of its values.", named))
    wide = [info.name for info in used if info.kind == "categorical" and info.distinct > MOST_CATEGORIES]
    if wide:
        message = f"More than {MOST_CATEGORIES} categories in {listed(wide)}: the rarer ones are not told apart."
        problems.append(problem(message, "Leave such a column out, or group its values.", wide))
