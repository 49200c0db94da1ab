"""The code that uses an export, filled in with the user's own columns, files and paths. No widgets here."""

from __future__ import annotations

import dataclasses
import json
import shlex
from pathlib import Path

from ui.pages.deploy_facts import ExportFacts
from workbench.data.spec import DatasetInfo

PICTURE = "picture.png"
ARRAY = "samples.npy"
MOST_COLUMNS = 40


@dataclasses.dataclass(frozen=True)
class Sample:
    """One of the user's own samples, as far as code can show it.

    Args:
        file: A picture's path.
        row: A table's row by column name: a number, text, or None where the value is missing.
    """

    file: str = PICTURE
    row: dict[str, float | str | None] = dataclasses.field(default_factory=dict)


def sample_of(info: DatasetInfo | None, picture: Path | None = None) -> Sample:
    """A sample to show, made from what was found in the data.

    Args:
        info: What was found.
        picture: One of the user's own pictures, if there is one on disk.
    """
    row: dict[str, float | str | None] = {}
    for column in info.columns if info else ():
        if column.kind == "numeric":
            row[column.name] = _number(column.example)
        elif column.kind == "categorical":
            row[column.name] = column.example or None
    return Sample(str(picture) if picture else PICTURE, row)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def command_line(export: ExportFacts, sample: Sample) -> str:
    """The command that asks the export for an answer."""
    if export.kind == "image":
        given = shlex.quote(sample.file)
    elif export.kind == "table":
        given = shlex.quote(json.dumps(_row(export, sample), ensure_ascii=False))
    else:
        given = ARRAY
    return f"workbench predict {shlex.quote(str(export.path))} {given}"


def python_code(export: ExportFacts, sample: Sample) -> str:
    """Python that loads the export and prints an answer, with nothing of this program in it."""
    lines = _saved_model(export, sample) if export.form.name == "saved_model" else _keras(export, sample)
    return "\n".join(lines) + "\n"


def _saved_model(export: ExportFacts, sample: Sample) -> list[str]:
    code = ["import tensorflow as tf", ""]
    if export.kind == "array":
        code = ["import numpy as np", *code]
    code += [f"model = tf.saved_model.load({str(export.path)!r})", 'predict = model.signatures["serving_default"]']
    if export.kind == "image":
        code += [f"picture = tf.io.read_file({sample.file!r})", "answer = predict(image_bytes=picture[tf.newaxis])"]
    elif export.kind == "table":
        code += ["row = {", *_columns(export, sample, "tf.constant([{value}])"), "}", "answer = predict(**row)"]
    else:
        code += [f"samples = np.load({ARRAY!r})", "answer = predict(array=tf.constant(samples))"]
    for before, classes in _answers(export):
        if classes:
            told = f'answer["{before}label"].numpy()[0].decode(), float(answer["{before}confidence"][0])'
            code.append(f"print({told})")
        else:
            code.append(f'print(answer["{before}value"].numpy())')
    return code


def _answers(export: ExportFacts) -> list[tuple[str, tuple[str, ...]]]:
    """For each target, the main one first: what its answers' names begin with, and its classes."""
    return [("", () if export.task == "regression" else export.classes), *export.further]


def _keras(export: ExportFacts, sample: Sample) -> list[str]:
    load = ["", f"model = keras.models.load_model({str(export.path)!r})"]
    if export.kind == "image":
        code = ["import keras", "import numpy as np", "from PIL import Image", *load]
        code += [f'picture = np.asarray(Image.open({sample.file!r}).convert("RGB"))']
        code += ['answer = model.predict({"image": picture[np.newaxis]})']
    elif export.kind == "table":
        code = ["import keras", "import tensorflow as tf", *load]
        code += ["row = {", *_columns(export, sample, "tf.constant([[{value}]])"), "}", "answer = model.predict(row)"]
    else:
        code = ["import keras", "import numpy as np", *load, f"samples = np.load({ARRAY!r})"]
        code += ['answer = model.predict({"array": samples})']
    for before, classes in _answers(export):
        if classes:
            code.append(f"{before}classes = {list(classes)!r}")
            code.append(f'print({before}classes[answer["{before}probabilities"][0].argmax()])')
        else:
            code.append(f'print(answer["{before}value"])')
    return code


def _row(export: ExportFacts, sample: Sample) -> dict[str, float | str | None]:
    return {name: sample.row.get(name) for name in export.columns}


def _columns(export: ExportFacts, sample: Sample, form: str) -> list[str]:
    row = _row(export, sample)
    lines = []
    for name in list(row)[:MOST_COLUMNS]:
        value = row[name]
        written = 'float("nan")' if value is None else repr(value)
        lines.append(f"    {export.columns[name]!r}: {form.format(value=written)},")
    if len(row) > MOST_COLUMNS:
        lines.append(f"    # and {len(row) - MOST_COLUMNS} more columns")
    return lines
