"""A text file of columns as rows of texts: encoding, delimiter and header found, ragged lines named."""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from workbench.core.errors import DataError
from workbench.core.files import read_failed
from workbench.data.csv_rows import Rows, parse
from workbench.data.findings import counted, problem
from workbench.data.memory import check_room
from workbench.data.missing import MISSING_WORDS
from workbench.data.spec import DataProblem, DatasetSpec
from workbench.data.work import Work

_LOOK = 200
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class TextTable:
    """Rows as they stand in the file.

    Args:
        frame: Texts by column name, without surrounding blanks; None where nothing stands.
        lines: The line in the file that each row starts on, from 1.
        problems: What was found wrong.
    """

    frame: pl.DataFrame
    lines: list[int]
    problems: list[DataProblem]


def read_table(path: Path, spec: DatasetSpec, work: Work) -> TextTable:
    """Read a CSV, or any text file of columns.

    Raises:
        DataError: It holds no table.
        FileError: It cannot be read.
    """
    work.tell(None, f"Reading {path.name}")
    try:
        check_room(path.stat().st_size * 6, "table", "Keep fewer rows or columns of it.")
        data = path.read_bytes()
    except OSError as error:
        raise read_failed(path, error) from error
    problems: list[DataProblem] = []
    text = _decode(path, data, spec, problems)
    if not text.strip():
        raise DataError("A table must hold rows.", f"{path} is empty", "Choose a file with data.")
    rows = parse(path.name, text, spec.delimiter)
    work.look()
    width = Counter(rows.widths).most_common(1)[0][0]
    if width < 2:
        raise DataError(
            "A table must have at least two columns: something to learn from, and the target.",
            f"one column in {path.name}",
            "Choose the delimiter if another character than , ; tab or | parts the columns.",
        )
    start = _comments(rows, width)
    header = _header(rows, start, width, spec)
    places = range(start if header is None else start + 1, len(rows.widths))
    good = [place for place in places if rows.widths[place] == width]
    ragged = [place for place in places if rows.widths[place] != width]
    if ragged:
        message = f"{counted(len(ragged), 'row')} left out: not {width} columns, as in the others."
        named = [f"line {rows.lines[place]}: {counted(rows.widths[place], 'column')}" for place in ragged]
        remedy = "Mend these lines; a delimiter inside a text needs quotes around the text."
        problems.append(problem(message, remedy, named))
    if not good:
        raise DataError(
            "A table must hold rows.", f"only a header in {path.name}", "Add rows, or set header to false if it is one."
        )
    names = unique_names([f"column {place}" for place in range(width)] if header is None else header, problems)
    work.look()
    frame = rows.frame(good, names)
    stripped = pl.all().str.strip_chars()
    frame = frame.select(pl.when(stripped == "").then(None).otherwise(stripped).name.keep())
    return TextTable(frame, [rows.lines[place] for place in good], problems)


def _decode(path: Path, data: bytes, spec: DatasetSpec, problems: list[DataProblem]) -> str:
    encoding = spec.encoding or next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding is None:
        encoding = _without_mark(data)
    try:
        text = data.decode(encoding)
    except LookupError as error:
        raise DataError(
            "The encoding must be one that Python knows.", repr(encoding), "Try utf-8, latin-1 or utf-16."
        ) from error
    except UnicodeDecodeError as error:
        if spec.encoding is not None:
            raise DataError(
                f"{path.name} must be a text in {encoding}.",
                f"byte {data[error.start]:#04x} at {error.start}",
                "Choose another encoding, or leave it to be found.",
            ) from error
        # Windows' Western set is latin-1 with printable quotes and dashes; latin-1 takes every byte.
        encoding = "cp1252" if _decodes(data, "cp1252") else "latin-1"
        text = data.decode(encoding)
        message = f"The file is not UTF-8: read as Western European ({encoding})."
        problems.append(problem(message, "If letters look wrong, choose its encoding."))
    if "\x00" in text:
        raise DataError(
            "A table must be a text file.", f"zero bytes in {path.name}", "Save it as CSV; a workbook is no text file."
        )
    return text


def _without_mark(data: bytes) -> str:
    # UTF-16 without a mark: every second byte of plain text is zero.
    head = data[:2000]
    if len(head) >= 4 and head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if len(head) >= 4 and head[0::2].count(0) > len(head) // 4:
        return "utf-16-be"
    return "utf-8"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _comments(rows: Rows, width: int) -> int:
    """How many rows at the top are remarks."""
    start = 0
    while start < len(rows.widths) and rows.widths[start] != width:
        if not rows.cells(start)[0].lstrip().startswith(("#", "%")):
            break
        start += 1
    return start


def _is_number(cell: str) -> bool:
    try:
        float(cell.strip().replace(",", "."))
    except ValueError:
        return False
    return True


def _header(rows: Rows, start: int, width: int, spec: DatasetSpec) -> list[str] | None:
    """The first row's cells where they name the columns."""
    if start >= len(rows.widths) or spec.header is False:
        return None
    first = [cell.strip() for cell in rows.cells(start)]
    if spec.header is None:
        below = range(start + 1, min(start + _LOOK, len(rows.widths)))
        body = [rows.cells(place) for place in below if rows.widths[place] == width]
        if not _looks_like_names(first, body, width):
            return None
    # One name too few: the last column has none.
    return [*first[:width], *(f"column {place}" for place in range(len(first), width))]


def _looks_like_names(first: list[str], body: list[list[str]], width: int) -> bool:
    filled = [cell for cell in first if cell]
    if not filled or abs(len(first) - width) > 1 or any(_is_number(cell) for cell in filled):
        return False
    if any(cell.lower() in MISSING_WORDS for cell in filled):
        return False
    if not body:
        return len(set(filled)) == len(filled)
    places = range(min(len(first), width))
    if any(_is_number(cells[place]) for place in places for cells in body):
        # Words above numbers are names.
        return True
    # All is text: names are words that do not come again below.
    below = [{cells[place].strip() for cells in body} for place in places]
    return not any(first[place] in below[place] for place in places)


def unique_names(names: list[str], problems: list[DataProblem]) -> list[str]:
    """The names, a number added where another column has the same."""
    taken: set[str] = set()
    unique: list[str] = []
    doubled: list[str] = []
    for place, given in enumerate(names):
        name = given or f"column {place}"
        number = 2
        while name in taken:
            name, number = f"{given or f'column {place}'} ({number})", number + 1
        if given in taken:
            doubled.append(f"column {place}: '{given}' is now '{name}'")
        taken.add(name)
        unique.append(name)
    if doubled:
        message = f"{counted(len(doubled), 'column')} with a name that another one has: renamed."
        problems.append(problem(message, "Give each column a name of its own in the file.", doubled))
    return unique
