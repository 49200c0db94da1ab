"""Writes a SavedModel that plain TensorFlow loads: raw samples in, named answers out."""

from __future__ import annotations

from pathlib import Path

import keras
import tensorflow as tf

from workbench.core import files
from workbench.data.spec import ArrayPreparation, ClassTarget, ImagePreparation, NumericColumn, Preparation
from workbench.engine.export import answers, decode, pictures, rows
from workbench.engine.export.columns import input_names

CLASSES_FILE = "classes.txt"


def write(model: keras.Model, prep: Preparation, folder: Path) -> None:
    """Write the SavedModel into an existing folder.

    Args:
        model: The trained network, fed by what `prep` makes.
        prep: Everything between a raw sample and the network, and back to an answer.
        folder: Where to; TensorFlow adds its own files and folders to it.
    """
    archive = keras.export.ExportArchive()
    archive.track(model)
    if isinstance(prep.input, ImagePreparation):
        _add_pictures(archive, model, prep, prep.input)
    elif isinstance(prep.input, ArrayPreparation):
        _add_arrays(archive, model, prep, prep.input)
    else:
        _add_rows(archive, model, prep)
    source = model.inputs[0]
    archive.add_endpoint(
        "serve",
        lambda prepared: {"output": model(prepared, training=False)},
        input_signature=[tf.TensorSpec(source.shape, source.dtype, name="prepared")],
    )
    if isinstance(prep.target, ClassTarget):
        names = prep.target.classes
        archive.add_endpoint("classes", lambda: {"classes": tf.constant(names)}, input_signature=[])
    archive.write_out(str(folder), verbose=False)
    if isinstance(prep.target, ClassTarget):
        files.write_text(folder / CLASSES_FILE, "\n".join(prep.target.classes) + "\n")


def _add_pictures(
    archive: keras.export.ExportArchive, model: keras.Model, prep: Preparation, picture: ImagePreparation
) -> None:
    def from_files(image_bytes: tf.Tensor) -> dict[str, tf.Tensor]:
        # Rounding to whole grey values must not depend on a GPU's shortcuts.
        with tf.device("/CPU:0"):
            prepared = decode.network_input(picture, image_bytes)
        return answers.named(prep.target, model(prepared, training=False))

    def from_arrays(image: tf.Tensor) -> dict[str, tf.Tensor]:
        with tf.device("/CPU:0"):
            prepared = pictures.network_input(picture, decode.rgb(image))
        return answers.named(prep.target, model(prepared, training=False))

    archive.add_endpoint(
        "serving_default", from_files, input_signature=[tf.TensorSpec((None,), tf.string, name="image_bytes")]
    )
    archive.add_endpoint(
        "classify_array" if isinstance(prep.target, ClassTarget) else "predict_array",
        from_arrays,
        input_signature=[tf.TensorSpec((None, None, None, None), tf.uint8, name="image")],
    )


def _add_arrays(
    archive: keras.export.ExportArchive, model: keras.Model, prep: Preparation, array: ArrayPreparation
) -> None:
    def from_array(array_: tf.Tensor) -> dict[str, tf.Tensor]:
        return answers.named(prep.target, model(rows.scaled_array(array, array_), training=False))

    kind = tf.int32 if array.integer else tf.float32
    archive.add_endpoint(
        "serving_default", from_array, input_signature=[tf.TensorSpec((None, *array.shape), kind, name="array")]
    )


def _add_rows(archive: keras.export.ExportArchive, model: keras.Model, prep: Preparation) -> None:
    table = prep.input
    assert not isinstance(table, ImagePreparation | ArrayPreparation), "pictures and arrays have their own"
    names = input_names(table)
    spec = {
        column.name: tf.TensorSpec(
            (None,), tf.float32 if isinstance(column, NumericColumn) else tf.string, name=names[column.name]
        )
        for column in table.columns
    }

    def from_columns(columns: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        return answers.named(prep.target, model(rows.encoded_columns(table, columns), training=False))

    archive.add_endpoint("serving_default", from_columns, input_signature=[spec])
