"""Writes one .keras file with the preparation inside, made of nothing but Keras's built-in layers and ops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
from keras import ops

from workbench.data.spec import (
    ArrayPreparation,
    ClassTarget,
    ImagePreparation,
    NumericColumn,
    Preparation,
    TablePreparation,
)
from workbench.engine.export import answers, pictures, rows
from workbench.engine.export.columns import input_names


def write(model: keras.Model, prep: Preparation, path: Path) -> None:
    """Write the file.

    Args:
        model: The trained network, fed by what `prep` makes; it becomes one layer of the whole.
        prep: Everything between a raw sample and the network, and back to an answer.
        path: Where to; ends in `.keras`.
    """
    inputs, prepared = _prepared(prep)
    answer = {}
    for before, target, output in answers.each(prep, model(prepared)):
        if isinstance(target, ClassTarget):
            answer[f"{before}probabilities"] = answers.probabilities(output)
        else:
            answer[f"{before}value"] = answers.value(target, output)
    keras.Model(inputs, answer, name="exported").save(path)


def _prepared(prep: Preparation) -> tuple[Any, Any]:
    if isinstance(prep.input, ImagePreparation):
        image = keras.Input((None, None, 3), dtype="uint8", name="image")
        return {"image": image}, pictures.network_input(prep.input, image)
    if isinstance(prep.input, ArrayPreparation):
        kind = "int32" if prep.input.integer else "float32"
        array = keras.Input(prep.input.shape, dtype=kind, name="array")
        return {"array": array}, rows.scaled_array(prep.input, array)
    inputs = _columns(prep.input)
    names = input_names(prep.input)
    prepared = rows.encoded_inputs(prep.input, {column: inputs[name] for column, name in names.items()})
    return inputs, ops.cast(prepared, "float32")


def _columns(table: TablePreparation) -> dict[str, Any]:
    names = input_names(table)
    return {
        names[column.name]: keras.Input(
            (1,), dtype="float32" if isinstance(column, NumericColumn) else "string", name=names[column.name]
        )
        for column in table.columns
    }
