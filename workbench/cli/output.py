"""What the commands say: one JSON value or JSON lines on stdout for programs, words and tables for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from workbench.core.cancel import CancelToken
from workbench.core.jsonable import jsonable

errors = Console(stderr=True, highlight=False, soft_wrap=True)
_out = Console(highlight=False)


def emit(value: Any) -> None:
    """Print one JSON value on one line."""
    sys.stdout.write(json.dumps(jsonable(value), ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()


def say(words: str) -> None:
    """Print words for a person on stderr."""
    errors.print(words, markup=False)


def answer(words: str) -> None:
    """Print a command's result for a person on stdout."""
    _out.print(words, markup=False, soft_wrap=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[str] = ()) -> None:
    """Print a table for a person on stdout."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*("" if cell is None else str(cell) for cell in row))
    _out.print(made)


@contextmanager
def working(title: str, quiet: bool, cancel: CancelToken | None = None) -> Iterator[Any]:
    """Show a bar on stderr while work goes on; yields the `progress(fraction, words)` to hand to it."""
    if quiet or not errors.is_terminal:
        yield None
        return
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=errors, transient=True
    ) as bar:
        task = bar.add_task(title, total=None)

        def progress(fraction: float | None, words: str) -> None:
            if cancel is not None:
                cancel.raise_if_stopped()
            description = f"{title}: {words}" if words else title
            if fraction is None:
                bar.update(task, description=description)
            else:
                bar.update(task, description=description, total=1.0, completed=fraction)

        yield progress


def figure(value: float | None) -> str:
    """A number rounded for eyes."""
    if value is None or value != value:
        return "–"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.4f}" if abs(value) >= 1e-3 else f"{value:.3g}"
