"""How a project's script reads its samples and answers, for each source."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from pathlib import Path

from workbench.codegen import pieces
from workbench.codegen.printer import literal, statement
from workbench.core.errors import DataError
from workbench.core.files import read_failed
from workbench.data.catalogue import find_dataset
from workbench.data.csv_file import read_table
from workbench.data.csv_rows import find_delimiter, parse
from workbench.data.folders import PART_FOLDERS
from workbench.data.imaging import SUFFIXES
from workbench.data.missing import MISSING_WORDS
from workbench.data.spec import DatasetInfo, DatasetSpec
from workbench.data.work import Work

_TARGETS = {"iris": "species", "wine": "cultivar", "breast_cancer": "diagnosis", "diabetes": "disease progression"}
_HOUSING = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/california_housing.npz",
    "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass
class Source:
    """Parts of a script: what it imports, its constants and functions, and the lines that read and prepare.

    `reading` must leave `answers` (class numbers, or values) and, where parts came with the data, `given`; `preparing`
    makes `x` of all samples, with `train` known.
    """

    imports: list[str] = field(default_factory=list)
    constants: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    reading: list[str] = field(default_factory=list)
    preparing: list[str] = field(default_factory=list)
    given: bool = False


def source_of(spec: DatasetSpec, info: DatasetInfo) -> Source:
    """The parts for what was picked.

    Raises:
        DataError: A script cannot read it.
        FileError: The file, which tells its delimiter and encoding, cannot be read.
    """
    if spec.source in ("builtin", "download"):
        entry = find_dataset(spec.location)
        name = entry.name if entry else spec.location
        if info.kind == "image":
            return _named_pictures(name, info)
        return _table(spec, info, name)
    if spec.source == "image_folder":
        return _folder(spec, info)
    if spec.source == "csv":
        return _table(spec, info, "")
    raise DataError(
        "A whole script is written for tables, pictures and the named datasets.",
        f"arrays in {Path(spec.location).name}",
        "Write the model alone, and load the arrays with numpy.load.",
    )


def _constant(name: str, value: object) -> str:
    return statement(f"{name} = ", literal(value))


def _picture_parts(info: DatasetInfo) -> Source:
    return Source(
        constants=[_constant("SHAPE", tuple(info.input_shape))],
        functions=[pieces.PICTURES],
        preparing=["x = images.astype(np.float32) * np.float32(1 / 255)"],
    )


def _named_pictures(name: str, info: DatasetInfo) -> Source:
    source = _picture_parts(info)
    if name == "digits":
        source.imports = ["from sklearn.datasets import load_digits"]
        source.reading = [
            "digits = load_digits()",
            "images = np.round(digits.images * (255 / 16)).astype(np.uint8)[..., None]",
            "images = np.stack([picture(image) for image in images])",
            "answers = digits.target",
        ]
        return source
    more = 'label_mode="fine"' if name == "cifar100" else ""
    source.given = True
    source.reading = [
        f"(first, first_y), (second, second_y) = keras.datasets.{name}.load_data({more})",
        "images = np.concatenate([first, second])",
        "images = images if images.ndim == 4 else images[..., None]",
        "images = np.stack([picture(image) for image in images])",
        "answers = np.concatenate([first_y, second_y]).reshape(-1)",
        "given = np.repeat([0, 2], [len(first), len(second)])",
    ]
    return source


def _folder(spec: DatasetSpec, info: DatasetInfo) -> Source:
    source = _picture_parts(info)
    source.imports = ["import os", "import re", "from pathlib import Path", "from PIL import Image"]
    source.constants += [
        _constant("DATA", spec.location),
        _constant("CLASSES", list(info.classes)),
        _constant("PARTS", dict(PART_FOLDERS)),
        _constant("SUFFIXES", sorted(SUFFIXES)),
    ]
    source.functions += [pieces.NATURAL, pieces.READ_FOLDER]
    source.given = True
    source.reading = ["images, answers, given = read_pictures()"]
    if Path(spec.location).suffix.lower() == ".zip":
        source.imports.append("import zipfile")
        source.reading.insert(0, 'with zipfile.ZipFile(DATA) as archive:\n    archive.extractall("pictures")')
        source.reading.insert(1, 'DATA = "pictures"')
    return source


def _table(spec: DatasetSpec, info: DatasetInfo, name: str) -> Source:
    source = Source(functions=[pieces.NUMBER, pieces.NUMERIC])
    commas: list[str] = []
    if name:
        _read_named(source, name)
    else:
        commas = _read_csv(source, spec, info)
    kinds = {column.name: column.kind for column in info.columns}
    used = {key: kind for key, kind in kinds.items() if kind in ("numeric", "categorical")}
    source.constants.append(_constant("COLUMN_KINDS", used))
    comma = ""
    if commas:
        source.constants.append(_constant("DECIMAL_COMMAS", commas))
        comma = ", name in DECIMAL_COMMAS"
    both = set(used.values())
    if "categorical" in both:
        source.imports += ["import re", "from collections import Counter"]
        source.functions += [pieces.NATURAL, pieces.CATEGORICAL]
    if info.further:
        _every_answer(source, info, commas)
    else:
        source.constants.append(_constant("TARGET", info.target))
        _answers(source, info, comma=bool(commas) and info.target in commas)
    if info.weight:
        source.constants.append(_constant("WEIGHT", info.weight))
        decimal = ", True" if info.weight in commas else ""
        source.reading.append(f"weights = np.array([number(table[WEIGHT][row]{decimal}) for row in known], np.float32)")
    pad = "    " if both == {"numeric"} else " " * 8
    numbers = [
        f"{pad}numbers = [number(cell{comma}) for cell in cells]",
        f"{pad}features += numeric(numbers, train)",
    ]
    source.preparing = ["features = []", "for name, kind in COLUMN_KINDS.items():"]
    source.preparing.append("    cells = [table[name][row] for row in known]")
    if both == {"numeric"}:
        source.preparing += numbers
    else:
        source.preparing += ['    if kind == "numeric":', *numbers, "    else:"]
        source.preparing.append("        features += categorical(cells, train)")
    source.preparing.append("x = np.stack(features, axis=1).astype(np.float32)")
    return source


def _answers(source: Source, info: DatasetInfo, *, comma: bool) -> None:
    if info.task == "regression":
        source.reading += [
            f"values = np.array([number(cell{', True' if comma else ''}) for cell in table[TARGET]])",
            "known = np.flatnonzero(np.isfinite(values))",
            "answers = values[known]",
        ]
        return
    source.constants.append(_constant("CLASSES", list(info.classes)))
    if all(_is_number(name) for name in info.classes):
        source.reading.append('words = [f"{number(cell):.17g}" for cell in table[TARGET]]')
        source.reading.append('places = {f"{float(name):.17g}": n for n, name in enumerate(CLASSES)}')
    else:
        source.reading.append("words = table[TARGET]")
        source.reading.append("places = {name: number for number, name in enumerate(CLASSES)}")
    source.reading += [
        "known = [row for row, word in enumerate(words) if word in places]",
        "answers = np.array([places[words[row]] for row in known])",
    ]


def _every_answer(source: Source, info: DatasetInfo, commas: list[str]) -> None:
    """Of several targets: rows count that have an answer for each."""
    named = {target.name: list(target.classes) or None for target in info.targets}
    source.constants.append(_constant("TARGETS", named))
    source.functions.append(pieces.ANSWERS)
    comma = ", name in DECIMAL_COMMAS" if commas else ""
    source.reading += [
        "every = [",
        f"    answers_of(table[name], classes{comma})",
        "    for name, classes in TARGETS.items()",
        "]",
        "known = np.flatnonzero(np.isfinite(every).all(axis=0))",
        "every = [answers[known] for answers in every]",
        "answers = every[0]",
    ]


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _read_named(source: Source, name: str) -> None:
    if name == "california_housing":
        names = ["MedInc", "HouseAge", "AveRooms", "AveBedrms", "Population", "AveOccup", "Latitude", "Longitude"]
        source.constants.append(_constant("NAMES", names))
        source.reading = [
            "path = keras.utils.get_file(",
            '    "california_housing.npz",',
            f'    origin="{_HOUSING[0]}",',
            f'    file_hash="{_HOUSING[1]}",',
            '    cache_subdir="datasets",',
            ")",
            "with np.load(path) as file:",
            '    table = {name: file["x"][:, place] for place, name in enumerate(NAMES)}',
            '    table["MedHouseVal"] = file["y"]',
        ]
        return
    source.imports.append(f"from sklearn.datasets import load_{name}")
    source.reading = [
        f"loaded = load_{name}({'scaled=False' if name == 'diabetes' else ''})",
        "names = [str(name) for name in loaded.feature_names]",
        "table = {name: loaded.data[:, place] for place, name in enumerate(names)}",
    ]
    target = _TARGETS[name]
    found = "loaded.target" if name == "diabetes" else "[str(loaded.target_names[n]) for n in loaded.target]"
    source.reading.append(f'table["{target}"] = {found}')


def _read_csv(source: Source, spec: DatasetSpec, info: DatasetInfo) -> list[str]:
    """The parts that read the file; returns the columns whose numbers have a decimal comma."""
    path = Path(spec.location)
    table = read_table(path, spec, Work(None, None))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise read_failed(path, error) from error
    encoding = spec.encoding or _encoding(data)
    text = data.decode(encoding, "replace")
    delimiter = spec.delimiter or find_delimiter(text)
    rows = parse(path.name, text, delimiter)
    above = sum(line < table.lines[0] for line in rows.lines)
    source.imports += ["import csv", "import io"]
    source.constants += [
        _constant("DATA", spec.location),
        _constant("ENCODING", encoding),
        _constant("DELIMITER", delimiter),
        _constant("ROWS_ABOVE", above),
        _constant("NAMES", list(table.frame.columns)),
        _constant("MISSING", sorted(MISSING_WORDS)),
    ]
    source.functions.insert(0, pieces.READ_CSV)
    source.reading = ["table = read_table()"]
    numeric = {column.name for column in info.columns if column.kind == "numeric"}
    numeric |= {*(target.name for target in info.targets), info.weight}
    commas = []
    for name in table.frame.columns:
        cells = [cell for cell in table.frame[name] if cell is not None and cell.lower() not in MISSING_WORDS]
        odd = [cell for cell in cells if not _is_number(cell)]
        if name in numeric and odd and all(_is_number(cell.replace(".", "").replace(",", ".")) for cell in cells):
            commas.append(name)
    return commas


def _encoding(data: bytes) -> str:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    for name in ("utf-8", "cp1252"):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return "latin-1"
