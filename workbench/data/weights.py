"""How much each sample counts: a column of a table or an array, held to numbers of at least 0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.core.errors import DataError
from workbench.data.columns import TypedTable, as_numbers
from workbench.data.findings import listed, problem
from workbench.data.spec import DataProblem
from workbench.data.work import Array

USUAL = (0.1, 10.0)
"""Between these lies the mean of weights that leave the loss, and with it the learning rate, what they were."""
MOST_TOLD = 5


@dataclass(frozen=True)
class Weights:
    """The weights of all usable samples.

    Args:
        name: The column's or the array's.
        values: float32 [samples].
    """

    name: str
    values: Array


def checked(name: str, values: Array, told: Callable[[int], str]) -> Weights:
    """Weights that can be trained with.

    Args:
        name: The column's or the array's, for messages.
        values: float64 [samples]; NaN where there is no number.
        told: Names a sample and what stands there.

    Raises:
        DataError: One is negative or no number.
    """
    odd = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if len(odd):
        found = ", ".join(told(int(place)) for place in odd[:MOST_TOLD])
        more = f" and {len(odd) - MOST_TOLD:,} more" if len(odd) > MOST_TOLD else ""
        raise DataError(
            "A sample's weight must be a number of at least 0.",
            f"in '{name}': {found}{more}",
            "Mend these, or choose another column of weights, or none.",
        )
    return Weights(name, values.astype(np.float32))


def from_column(series: pl.Series, lines: Sequence[int], word: str) -> Weights:
    """Weights from a table's column.

    Args:
        series: Texts or numbers, null where missing.
        lines: Where each row stands.
        word: What `lines` counts.

    Raises:
        DataError: One is negative or no number.
    """
    numbers = as_numbers(series).to_numpy().astype(np.float64)

    def told(place: int) -> str:
        cell = series[place]
        return f"{word} {lines[place]}: {'nothing' if cell is None else repr(cell)}"

    return checked(series.name, numbers, told)


def suitable_columns(table: TypedTable, chosen: str | None) -> tuple[str, ...]:
    """The columns that may hold weights: nothing missing, nothing negative, not all 0; and the one that is chosen."""

    def suits(name: str) -> bool:
        series = table.frame[name]
        if series.dtype != pl.Float64 or series.null_count():
            return False
        values = series.to_numpy()
        return bool(values.min() >= 0 and values.max() > 0)

    return tuple(
        column.name
        for column in table.columns
        if column.name == chosen or (column.kind in ("numeric", "ignored") and suits(column.name))
    )


def suitable_array(array: Array, samples: int) -> bool:
    """Whether an array may hold the weights of that many samples."""
    if array.dtype.kind not in "biuf" or array.size != samples or array.shape not in ((samples,), (samples, 1)):
        return False
    return bool(np.isfinite(array).all() and array.min() >= 0 and array.max() > 0)


def require_effect(weights: Weights, train: Array) -> list[DataProblem]:
    """What the training part's weights do to the loss.

    Raises:
        DataError: None of its samples counts.
    """
    values = weights.values[train]
    if not len(values):
        return []
    if not values.any():
        raise DataError(
            "Some sample of the training part must count.",
            f"only weights of 0 in '{weights.name}'",
            "Choose another column of weights, or none.",
        )
    mean = float(values.mean(dtype=np.float64))
    if USUAL[0] <= mean <= USUAL[1]:
        return []
    message = f"The weights in '{weights.name}' are {mean:.3g} on average: the loss and its gradients grow with them."
    return [problem(message, "Divide them by their mean, or choose the learning rate to fit.", [weights.name])]


def no_weights(wanted: str, names: Sequence[str]) -> DataError:
    """The words for weights that are not there."""
    return DataError(
        "The weights must be a column of the table, or an array of the file.",
        repr(wanted),
        f"There are: {listed(names, 12)}." if names else "These data have none to choose from.",
    )
