"""A table's columns and plain arrays to what the network is fed, by the rules of `workbench.data.encode`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from workbench.data.spec import ArrayPreparation, CategoricalColumn, NumericColumn, TablePreparation


def encoded_columns(prep: TablePreparation, columns: Mapping[str, tf.Tensor]) -> tf.Tensor:
    """The flat vectors of a batch of rows, in a TensorFlow graph.

    Args:
        prep: The fitted preparation.
        columns: Column name to values, shape (batch,): float32 (NaN where missing) or string.

    Returns:
        float32, shape (batch, prep.features).
    """
    parts: list[Any] = []
    for column in prep.columns:
        values = columns[column.name][:, tf.newaxis]
        if isinstance(column, NumericColumn):
            parts.extend(_numeric(column, values))
        elif column.categories:
            parts.append(tf.cast(tf.equal(tf.strings.strip(values), tf.constant(column.categories)), tf.float32))
    return tf.concat(parts, axis=1)


def encoded_inputs(prep: TablePreparation, columns: Mapping[str, Any]) -> Any:
    """The same in Keras's built-in layers and ops, on KerasTensors of shape (batch, 1)."""
    parts: list[Any] = []
    for column in prep.columns:
        values = columns[column.name]
        if isinstance(column, NumericColumn):
            parts.extend(_numeric(column, values))
        elif column.categories:
            parts.append(_one_hot(column, values))
    return ops.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]


def _numeric(column: NumericColumn, values: Any) -> list[Any]:
    known = ops.isfinite(values)
    filled = ops.cast(ops.where(known, values, np.float32(column.fill)), "float64")
    features = [ops.cast((filled - column.mean) / column.std, "float32")]
    if column.missing_flag:
        features.append(ops.cast(ops.logical_not(known), "float32"))
    return features


def _one_hot(column: CategoricalColumn, values: Any) -> Any:
    lookup = keras.layers.StringLookup(
        vocabulary=list(column.categories), num_oov_indices=1, output_mode="one_hot", name=f"categories_{values.name}"
    )
    # The first place is for categories not known; they set none of the others.
    return ops.cast(lookup(values), "float32")[:, 1:]


def scaled_array(prep: ArrayPreparation, array: Any) -> Any:
    """An array as the network is fed it; whole numbers pass as they are."""
    if prep.integer:
        return array
    shifted = ops.cast(array, "float64") - np.array(prep.mean)
    return ops.cast(shifted / np.array(prep.std), "float32")
