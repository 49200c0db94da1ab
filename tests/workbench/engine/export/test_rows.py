import keras
import numpy as np
import tensorflow as tf

from workbench.data import encode
from workbench.data.spec import ArrayPreparation, CategoricalColumn, NumericColumn, TablePreparation
from workbench.engine.export import calls, rows
from workbench.engine.export.columns import input_names

TABLE = TablePreparation(
    columns=(
        NumericColumn(name="age", mean=40.0, std=12.5, fill=38.0, missing_flag=True),
        CategoricalColumn(name="blood group", categories=("A", "B", "zero ü")),
        NumericColumn(name="year", mean=1_999.7, std=3.1, fill=2000.0),
        CategoricalColumn(name="class", categories=()),
    )
)
ROWS = [
    {"age": 17, "blood group": "A", "year": 2001, "class": "x"},
    {"age": None, "blood group": " B ", "year": "1998.5", "class": None},
    {"age": "?", "blood group": "zero ü", "year": float("nan"), "class": ""},
    {"age": 1e300, "blood group": "AB", "year": -3, "class": "y"},
    {"age": 0.1, "blood group": None, "year": 1e6, "class": 3.0},
]


def test_that_columns_are_encoded_as_in_the_app() -> None:
    names = input_names(TABLE)
    inputs = calls.columns(TABLE, ROWS)
    given = rows.encoded_columns(TABLE, {name: tf.constant(inputs[key]) for name, key in names.items()}).numpy()
    np.testing.assert_allclose(given, encode.encode_rows(TABLE, ROWS), atol=1e-6)


def test_that_columns_are_encoded_as_in_the_app_by_keras_layers_too() -> None:
    names = input_names(TABLE)
    inputs = calls.upright(calls.columns(TABLE, ROWS))
    symbols = {
        name: keras.Input((1,), dtype="string" if inputs[key].dtype.kind == "U" else "float32", name=key)
        for name, key in names.items()
    }
    model = keras.Model({names[name]: symbol for name, symbol in symbols.items()}, rows.encoded_inputs(TABLE, symbols))
    given = model({key: tf.constant(values) for key, values in inputs.items()}).numpy()
    np.testing.assert_allclose(given, encode.encode_rows(TABLE, ROWS), atol=1e-6)


def test_that_arrays_are_scaled_as_in_the_app() -> None:
    array = np.random.default_rng(0).normal(5, 3, (4, 6, 2)).astype(np.float32)
    for prep in (
        ArrayPreparation(shape=(6, 2), mean=(5.0, 4.0), std=(3.0, 0.1)),
        ArrayPreparation(shape=(6, 2), mean=(5.0,), std=(3.0,)),
    ):
        np.testing.assert_allclose(rows.scaled_array(prep, array), encode.encode_array(prep, array), atol=1e-6)


def test_that_whole_numbers_pass_as_they_are() -> None:
    prep = ArrayPreparation(shape=(3,), integer=True)
    np.testing.assert_array_equal(rows.scaled_array(prep, np.array([[1, 2, 70_000]])), [[1, 2, 70_000]])


def test_that_input_names_are_plain_and_different() -> None:
    columns = (
        "size",
        "sepal length (cm)",
        "sepal length [cm]",
        "class",
        "1st",
        "größe",
        "_x",
        "self",
        "",
        "sepal_length__cm_",
    )
    table = TablePreparation(columns=tuple(CategoricalColumn(name=name, categories=("a",)) for name in columns))
    names = input_names(table)
    assert tuple(names) == columns
    assert len(set(names.values())) == len(columns)
    assert all(name.isascii() and name.isidentifier() and name[0].isalpha() for name in names.values())
    assert (names["size"], names["sepal_length__cm_"]) == ("size", "sepal_length__cm_")
