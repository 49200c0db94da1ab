"""Writes a SavedModel that plain TensorFlow loads: raw samples in, named answers out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from workbench.core import files
from workbench.data.spec import (
    ArrayPreparation,
    ClassTarget,
    ImagePreparation,
    NumericColumn,
    Preparation,
    TablePreparation,
)
from workbench.engine.export import answers, decode, pictures, rows
from workbench.engine.export.columns import input_names

CLASSES_FILE = "classes.txt"

Signatures = dict[str, Any]


def write(model: keras.Model, prep: Preparation, folder: Path) -> None:
    """Write the SavedModel into an existing folder.

    The signatures are functions of the loaded object too; that of a table, `serving_default`, then takes a dictionary
    by the columns' own names.

    Args:
        model: The trained network, fed by what `prep` makes.
        prep: Everything between a raw sample and the network, and back to an answer.
        folder: Where to; TensorFlow adds its own files and folders to it.
    """

    def answered(prepared: tf.Tensor) -> dict[str, tf.Tensor]:
        return answers.named(prep, model(prepared, training=False))

    if isinstance(prep.input, ImagePreparation):
        array_name = "classify_array" if isinstance(prep.target, ClassTarget) else "predict_array"
        signatures = _pictures(prep.input, answered, array_name)
    elif isinstance(prep.input, ArrayPreparation):
        signatures = _arrays(prep.input, answered)
    else:
        signatures = _rows(prep.input, answered)
    source = model.inputs[0]
    spec = tf.TensorSpec((None, *source.shape[1:]), source.dtype, name="prepared")

    def served(prepared: tf.Tensor) -> dict[str, tf.Tensor]:
        return {f"{name}output": output for name, _, output in answers.each(prep, model(prepared, training=False))}

    signatures["serve"] = tf.function(served, input_signature=[spec])
    classes = answers.classes(prep)
    if classes:
        constants = {name: tuple(found) for name, found in classes.items()}
        signatures["classes"] = tf.function(
            lambda: {name: tf.constant(found) for name, found in constants.items()}, input_signature=[]
        )
    if isinstance(prep.target, ClassTarget):
        files.write_text(folder / CLASSES_FILE, "\n".join(prep.target.classes) + "\n")
    # A plain module: Keras's own archive writes every weight twice.
    module = tf.Module()
    module.weights = [variable.value for variable in model.variables]
    # Vocabularies are kept in tables, which are no variables.
    module.tables = [layer.lookup_table for layer in model._flatten_layers() if hasattr(layer, "lookup_table")]
    for name, function in signatures.items():
        setattr(module, name, function)
    tf.saved_model.save(module, str(folder), signatures=signatures)


Answered = Callable[[tf.Tensor], dict[str, tf.Tensor]]


def _pictures(prep: ImagePreparation, answered: Answered, array_name: str) -> Signatures:
    def from_files(image_bytes: tf.Tensor) -> dict[str, tf.Tensor]:
        # Rounding to whole grey values must not depend on a GPU's shortcuts.
        with tf.device("/CPU:0"):
            prepared = decode.network_input(prep, image_bytes)
        return answered(prepared)

    def from_arrays(image: tf.Tensor) -> dict[str, tf.Tensor]:
        with tf.device("/CPU:0"):
            prepared = pictures.network_input(prep, decode.rgb(image))
        return answered(prepared)

    of_files = tf.TensorSpec((None,), tf.string, name="image_bytes")
    of_arrays = tf.TensorSpec((None, None, None, None), tf.uint8, name="image")
    return {
        "serving_default": tf.function(from_files, input_signature=[of_files]),
        array_name: tf.function(from_arrays, input_signature=[of_arrays]),
    }


def _arrays(prep: ArrayPreparation, answered: Answered) -> Signatures:
    def from_array(array: tf.Tensor) -> dict[str, tf.Tensor]:
        return answered(rows.scaled_array(prep, array))

    spec = tf.TensorSpec((None, *prep.shape), tf.int32 if prep.integer else tf.float32, name="array")
    return {"serving_default": tf.function(from_array, input_signature=[spec])}


def _rows(prep: TablePreparation, answered: Answered) -> Signatures:
    names = input_names(prep)
    spec = {
        column.name: tf.TensorSpec(
            (None,), tf.float32 if isinstance(column, NumericColumn) else tf.string, name=names[column.name]
        )
        for column in prep.columns
    }

    def from_columns(columns: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        return answered(rows.encoded_columns(prep, columns))

    return {"serving_default": tf.function(from_columns, input_signature=[spec])}
