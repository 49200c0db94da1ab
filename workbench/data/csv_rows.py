"""Text cut into rows and cells: fast where nothing is quoted, by the csv module where something is."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import polars as pl

from workbench.core.errors import DataError

# The comma comes last: where another character parts the lines as evenly, it is a decimal comma or part of a text.
DELIMITERS = ("\t", "|", ";", ",")
_NEARLY_ALL = 0.9
_LOOK = 200
_LONGEST_CELL = 10_000_000


class Rows(Protocol):
    """The rows of a text, blank ones left out.

    Args:
        widths: How many cells each row has.
        lines: The line that each row starts on, from 1.
    """

    widths: list[int]
    lines: list[int]

    def cells(self, place: int) -> list[str]:
        """One row."""

    def frame(self, places: Sequence[int], names: Sequence[str]) -> pl.DataFrame:
        """Rows of one width as texts by column name."""


class _Plain:
    """Without quotes a line is a row, so that polars may read it."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._delimiter = delimiter
        numbered = [(number, line) for number, line in enumerate(_lines(text), 1) if line and not line.isspace()]
        self._texts = [line for _, line in numbered]
        self.lines = [number for number, _ in numbered]
        self.widths = [line.count(delimiter) + 1 for line in self._texts]

    def cells(self, place: int) -> list[str]:
        return self._texts[place].split(self._delimiter)

    def frame(self, places: Sequence[int], names: Sequence[str]) -> pl.DataFrame:
        kept = self._texts if len(places) == len(self._texts) else [self._texts[place] for place in places]
        return pl.read_csv(
            "\n".join(kept).encode("utf-8", "replace"),
            has_header=False,
            separator=self._delimiter,
            quote_char=None,
            infer_schema=False,
            new_columns=list(names),
        )


class _Quoted:
    """With quotes a row may span lines."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._rows: list[list[str]] = []
        self.lines: list[int] = []
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        start = 1
        for cells in reader:
            if len(cells) > 1 or (cells and cells[0].strip()):
                self._rows.append(cells)
                self.lines.append(start)
            start = reader.line_num + 1
        self.widths = [len(cells) for cells in self._rows]

    def cells(self, place: int) -> list[str]:
        return self._rows[place]

    def frame(self, places: Sequence[int], names: Sequence[str]) -> pl.DataFrame:
        columns = zip(*(self._rows[place] for place in places), strict=True)
        return pl.DataFrame(
            {name: pl.Series(cells, dtype=pl.String) for name, cells in zip(names, columns, strict=True)}
        )


def _lines(text: str) -> list[str]:
    # Not `splitlines`: it also cuts at form feeds and other marks that may stand inside a cell.
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def parse(name: str, text: str, delimiter: str | None) -> Rows:
    """Cut a text into rows and cells.

    Args:
        name: The file's name, for messages.
        text: All of it.
        delimiter: What parts the cells; None: found.

    Raises:
        DataError: Its quotes do not close, or it holds nothing.
    """
    if delimiter is None:
        delimiter = find_delimiter(text)
    if delimiter == " ":
        text = "\n".join(" ".join(line.split()) for line in _lines(text))
    previous = csv.field_size_limit(_LONGEST_CELL)
    try:
        rows: Rows = _Quoted(text, delimiter) if '"' in text else _Plain(text, delimiter)
    except csv.Error as error:
        raise DataError(
            f"{name} must be a table.", str(error), "Mend its quotes: each that opens must close."
        ) from error
    finally:
        csv.field_size_limit(previous)
    if not rows.widths:
        raise DataError("A table must hold rows.", f"none in {name}", "Choose a file with data.")
    return rows


def find_delimiter(text: str) -> str:
    """The character that parts nearly all lines, the first one too, into the same number of columns."""
    head = "\n".join(_lines(text[:200_000])[:_LOOK])
    best, best_share = "", 0.0
    for delimiter in DELIMITERS:
        try:
            widths = (_Quoted if '"' in head else _Plain)(head, delimiter).widths
        except csv.Error:
            continue
        if not widths:
            continue
        width, number = Counter(widths).most_common(1)[0]
        share = number / len(widths)
        if width >= 2 and share >= _NEARLY_ALL and widths[0] == width:
            return delimiter
        if width >= 2 and share > best_share:
            best, best_share = delimiter, share
    return best or _blanks_or_comma(head)


def _blanks_or_comma(head: str) -> str:
    """Blanks part the columns where nearly all lines have the same number of words."""
    widths = Counter(len(line.split()) for line in head.split("\n") if line.strip())
    if not widths:
        return ","
    width, number = widths.most_common(1)[0]
    return " " if width >= 2 and number > _NEARLY_ALL * widths.total() else ","
