"""A text file of columns as rows of texts: encoding, delimiter and header found, ragged lines named."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from workbench.core.errors import DataError
from workbench.core.files import read_failed
from workbench.data.findings import counted, problem
from workbench.data.missing import MISSING_WORDS
from workbench.data.spec import DataProblem, DatasetSpec
from workbench.data.work import Work

DELIMITERS = (",", ";", "\t", "|")
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


@dataclass(frozen=True)
class _Row:
    line: int
    cells: list[str]


def read_table(path: Path, spec: DatasetSpec, work: Work) -> TextTable:
    """Read a CSV, or any text file of columns.

    Raises:
        DataError: It holds no table.
        FileError: It cannot be read.
    """
    work.tell(None, f"Reading {path.name}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise read_failed(path, error) from error
    problems: list[DataProblem] = []
    text = _decode(path, data, spec, problems)
    if not text.strip():
        raise DataError("A table must hold rows.", f"{path} is empty", "Choose a file with data.")
    rows = _rows(path, text, spec, work)
    width = Counter(len(row.cells) for row in rows).most_common(1)[0][0]
    if width < 2:
        raise DataError(
            "A table must have at least two columns: something to learn from, and the target.",
            f"one column in {path.name}",
            "Choose the delimiter if another character than , ; tab or | parts the columns.",
        )
    work.look()
    rows = _without_comments(rows, width)
    header = _header(rows, width, spec)
    body = rows[1:] if header is not None else rows
    good = [row for row in body if len(row.cells) == width]
    ragged = [row for row in body if len(row.cells) != width]
    if ragged:
        message = f"{counted(len(ragged), 'row')} left out: not {width} columns, as in the others."
        named = [f"line {row.line}: {counted(len(row.cells), 'column')}" for row in ragged]
        problems.append(
            problem(message, "Mend these lines; a delimiter inside a text needs quotes around the text.", named)
        )
    if not good:
        raise DataError(
            "A table must hold rows.", f"only a header in {path.name}", "Add rows, or set header to false if it is one."
        )
    names = _unique([f"column {place}" for place in range(width)] if header is None else header, problems)
    work.look()
    columns = zip(*(row.cells for row in good), strict=True)
    frame = pl.DataFrame({name: pl.Series(cells, dtype=pl.String) for name, cells in zip(names, columns, strict=True)})
    stripped = pl.all().str.strip_chars()
    frame = frame.select(pl.when(stripped == "").then(None).otherwise(stripped).name.keep())
    return TextTable(frame, [row.line for row in good], problems)


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


def _parse(text: str, delimiter: str) -> list[_Row]:
    if '"' not in text:
        # Without quotes a line is a row, and splitting is several times faster than a parser.
        lines = text.splitlines() if "\r" in text or "\n" in text else [text]
        return [_Row(number, line.split(delimiter)) for number, line in enumerate(lines, 1) if line.strip()]
    rows: list[_Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    start = 1
    for cells in reader:
        if any(cell.strip() for cell in cells) or len(cells) > 1:
            rows.append(_Row(start, cells))
        start = reader.line_num + 1
    return rows


def _rows(path: Path, text: str, spec: DatasetSpec, work: Work) -> list[_Row]:
    delimiter = spec.delimiter or _delimiter(text)
    work.look()
    previous = csv.field_size_limit(10_000_000)
    try:
        if delimiter == " ":
            text = "\n".join(" ".join(line.split()) for line in text.splitlines())
        rows = _parse(text, delimiter)
    except csv.Error as error:
        raise DataError(
            f"{path.name} must be a table.", str(error), "Mend its quotes: each that opens must close."
        ) from error
    finally:
        csv.field_size_limit(previous)
    if not rows:
        raise DataError("A table must hold rows.", f"none in {path.name}", "Choose a file with data.")
    return rows


def _delimiter(text: str) -> str:
    """The character that parts the most lines into the same number of columns, at least two."""
    head = "\n".join(text[:200_000].splitlines()[:_LOOK])
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            counts = Counter(len(row.cells) for row in _parse(head, delimiter))
        except csv.Error:
            continue
        if not counts:
            continue
        width, number = counts.most_common(1)[0]
        score = (number / counts.total(), width)
        if width >= 2 and (
            score[0] > best_score[0] + 0.05 or (score[0] > best_score[0] - 0.05 and width > best_score[1])
        ):
            best, best_score = delimiter, score
    if best_score[1] == 0:
        widths = Counter(len(line.split()) for line in head.splitlines() if line.strip())
        width, number = widths.most_common(1)[0]
        if width >= 2 and number > 0.9 * widths.total():
            return " "
    return best


def _without_comments(rows: list[_Row], width: int) -> list[_Row]:
    start = 0
    while (
        start < len(rows) and len(rows[start].cells) != width and rows[start].cells[0].lstrip().startswith(("#", "%"))
    ):
        start += 1
    return rows[start:]


def _is_number(cell: str) -> bool:
    try:
        float(cell.strip().replace(",", "."))
    except ValueError:
        return False
    return True


def _header(rows: list[_Row], width: int, spec: DatasetSpec) -> list[str] | None:
    """The first row's cells where they name the columns."""
    first = [cell.strip() for cell in rows[0].cells]
    if spec.header is False or (spec.header is None and not _looks_like_names(first, rows[1:_LOOK], width)):
        return None
    # One name too few: the last column, or that of the row numbers, has none.
    return [*first[:width], *(f"column {place}" for place in range(len(first), width))]


def _looks_like_names(first: list[str], rest: list[_Row], width: int) -> bool:
    body = [row.cells for row in rest if len(row.cells) == width]
    filled = [cell for cell in first if cell]
    if not filled or abs(len(first) - width) > 1 or any(_is_number(cell) for cell in filled):
        return False
    if any(cell.lower() in MISSING_WORDS for cell in filled) or (len(set(filled)) < len(filled) and not body):
        return False
    if not body:
        return True
    places = range(min(len(first), width))
    if any(_is_number(cells[place]) for place in places for cells in body):
        # Words above numbers are names.
        return True
    # All is text: names are words that do not come again below.
    below = [{cells[place].strip() for cells in body} for place in places]
    return not any(first[place] in below[place] for place in places)


def _unique(names: list[str], problems: list[DataProblem]) -> list[str]:
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
