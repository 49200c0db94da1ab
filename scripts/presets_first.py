"""The architectures to try first, and the whole projects made of them."""

from __future__ import annotations

import dataclasses
from typing import Any

from preset_drawing import Recipe, patient, stack

Layers = list[tuple[str, dict[str, Any]]]

SOFTMAX: tuple[str, dict[str, Any]] = ("Dense", {"units": 10, "activation": "softmax"})


def _conv(filters: int) -> Layers:
    convolution = {"filters": filters, "kernel_size": 3, "padding": "same", "use_bias": False}
    return [("Conv2D", convolution), ("BatchNormalization", {"momentum": 0.9}), ("ReLU", {})]


def _pool(dropout: float | None = None) -> Layers:
    return [("MaxPooling2D", {"pool_size": 2}), *([("Dropout", {"rate": dropout})] if dropout else [])]


def _dense(units: int, dropout: float | None = None, activation: str = "relu") -> Layers:
    layer: Layers = [("Dense", {"units": units, "activation": activation})]
    return [*layer, ("Dropout", {"rate": dropout})] if dropout else layer


FLATTEN: tuple[str, dict[str, Any]] = ("Flatten", {})

_GROWING = stack(
    *(layer for filters in (32, 64) for layer in [*_conv(filters) * 2, *_pool()]),
    *_conv(128) * 2,
    ("GlobalAveragePooling2D", {}),
    ("Dropout", {"rate": 0.3}),
    SOFTMAX,
)
_WIDE_PICTURE = stack(
    *(layer for filters in (32, 64, 128) for layer in [*_conv(filters), *_pool()]),
    *_conv(128),
    ("GlobalAveragePooling2D", {}),
    ("Dropout", {"rate": 0.3}),
    *_dense(128, 0.3),
    SOFTMAX,
)
_LENET = stack(
    ("Conv2D", {"filters": 6, "kernel_size": 5, "padding": "same", "activation": "tanh"}),
    ("AveragePooling2D", {"pool_size": 2}),
    ("Conv2D", {"filters": 16, "kernel_size": 5, "activation": "tanh"}),
    ("AveragePooling2D", {"pool_size": 2}),
    FLATTEN,
    *_dense(120, activation="tanh"),
    *_dense(84, activation="tanh"),
    SOFTMAX,
)

FIRST = (
    Recipe(
        "compact-cnn",
        "Compact CNN",
        "Two convolutions with batch normalization and a dense layer: for very small pictures such as the 8×8 digits.",
        {"kinds": ["image"], "min_size": 4, "best": [1, 15]},
        stack(*_conv(32), *_conv(64), *_pool(0.25), FLATTEN, *_dense(128, 0.5), SOFTMAX),
        patient(30, 8),
        {"order": 0, "reference_input": [8, 8, 1], "reference_classes": 10},
    ),
    Recipe(
        "small-vgg",
        "Small VGG",
        "Three blocks of two 3×3 convolutions with batch normalization, after Simonyan and Zisserman (2014), cut down "
        "to train on small pictures.",
        {"kinds": ["image"], "min_size": 16, "best": [16, 47]},
        _GROWING,
        patient(30, 8, batch_size=64),
        {"order": 0, "reference_input": [32, 32, 3], "reference_classes": 10},
    ),
    Recipe(
        "picture-cnn",
        "Picture CNN",
        "Four convolution blocks and global average pooling: light enough for pictures of 48 pixels and more.",
        {"kinds": ["image"], "min_size": 48, "best": [48, 100000]},
        _WIDE_PICTURE,
        patient(30, 8),
        {"order": 0, "reference_input": [96, 96, 3], "reference_classes": 10},
    ),
    Recipe(
        "lenet5",
        "LeNet-5",
        "The classic network for digits (LeCun et al., 1998): two convolutions with average pooling, then three dense "
        "layers.",
        {"kinds": ["image"], "min_size": 14, "best": [14, 40]},
        _LENET,
        patient(20, 5),
        {
            "order": 1,
            "paper": {
                "authors": "LeCun, Bottou, Bengio, Haffner",
                "year": 1998,
                "title": "Gradient-based learning applied to document recognition",
            },
            "published_parameters": 60_000,
            "note": "61,706 parameters against the paper's 60,000: its third layer saw only some of the maps before "
            "it, its pooling had two weights a map, and its last layer compared with fixed pictures of the digits.",
            "reference_input": [28, 28, 1],
            "reference_classes": 10,
        },
    ),
    Recipe(
        "mlp",
        "Multilayer perceptron",
        "Two dense layers over the flattened sample: the first thing to try on small pictures and arrays.",
        {"kinds": ["image", "array"], "best": [1, 20]},
        stack(FLATTEN, *_dense(128, 0.2), *_dense(64, 0.2), SOFTMAX),
        patient(40, 8),
        {"order": 2, "reference_input": [28, 28, 1], "reference_classes": 10},
    ),
    Recipe(
        "tabular-mlp",
        "Tabular classifier",
        "Two dense layers with dropout: a sound start for rows of a table.",
        {"kinds": ["table"], "task": "classification"},
        stack(*_dense(64, 0.2), *_dense(32, 0.2), SOFTMAX),
        patient(100, 15),
        {"order": 0, "reference_input": [30], "reference_classes": 3},
    ),
    Recipe(
        "tabular-regression",
        "Tabular regression",
        "Two dense layers that predict a number from a table's row.",
        {"kinds": ["table"], "task": "regression"},
        stack(*_dense(64), *_dense(32), ("Dense", {"units": 1})),
        patient(100, 15),
        {"order": 0, "reference_input": [30], "reference_classes": 0},
    ),
    Recipe(
        "lstm",
        "LSTM",
        "One LSTM layer reads a series step by step, a dense layer answers.",
        {"kinds": ["array"], "rank": 2},
        stack(("LSTM", {"units": 64}), ("Dropout", {"rate": 0.2}), *_dense(32), SOFTMAX),
        patient(40, 8),
        {
            "order": 0,
            "paper": {"authors": "Hochreiter, Schmidhuber", "year": 1997, "title": "Long short-term memory"},
            "reference_input": [128, 3],
            "reference_classes": 6,
        },
    ),
    Recipe(
        "embedding-lstm",
        "Embedding and LSTM",
        "Whole numbers that stand for words become vectors, an LSTM reads them in order.",
        {"kinds": ["array"], "integer": True},
        stack(
            ("Embedding", {"input_dim": 1000, "output_dim": 32}),
            ("LSTM", {"units": 64}),
            ("Dropout", {"rate": 0.3}),
            SOFTMAX,
        ),
        patient(20, 5),
        {"order": 0, "reference_input": [100], "reference_classes": 2, "reference_vocabulary": 1000},
    ),
)

# name, title, description, the architecture, the data
_PROJECTS = (
    (
        "breast-cancer-mlp",
        "Benign or malignant",
        "569 tumours, thirty measurements each.",
        "tabular-mlp",
        "breast_cancer",
    ),
    (
        "california-housing",
        "Predict house prices",
        "20,640 districts of California, downloaded once.",
        "tabular-regression",
        "california_housing",
    ),
    (
        "cifar10-vgg",
        "Sort small photographs",
        "60,000 colour photographs in ten classes, downloaded once.",
        "small-vgg",
        "cifar10",
    ),
    (
        "diabetes-regression",
        "Predict the course of diabetes",
        "442 patients, ten measurements each; the answer is a number.",
        "tabular-regression",
        "diabetes",
    ),
    (
        "digits-cnn",
        "Recognise digits",
        "1,797 handwritten digits of 8×8 pixels, told apart by a compact CNN.",
        "compact-cnn",
        "digits",
    ),
    (
        "digits-mlp",
        "Recognise digits with dense layers",
        "The same digits with a multilayer perceptron, to see what convolutions bring.",
        "mlp",
        "digits",
    ),
    (
        "fashion-mnist-cnn",
        "Sort clothes",
        "70,000 pictures of clothes in ten kinds, downloaded once.",
        "small-vgg",
        "fashion_mnist",
    ),
    ("iris-mlp", "Tell irises apart", "150 flowers, four measurements each, three species.", "tabular-mlp", "iris"),
    ("mnist-lenet", "LeNet-5 on MNIST", "70,000 handwritten digits, downloaded once.", "lenet5", "mnist"),
    (
        "wine-mlp",
        "Tell wines apart",
        "178 wines, thirteen chemical measurements each, three growers.",
        "tabular-mlp",
        "wine",
    ),
)


def projects() -> tuple[Recipe, ...]:
    """The whole projects: an architecture and its data."""
    known = {recipe.name: recipe for recipe in FIRST}
    return tuple(
        dataclasses.replace(
            known[architecture],
            name=name,
            title=title,
            description=description,
            suits={"kinds": known[architecture].suits["kinds"]},
            more={},
            dataset=dataset,
        )
        for name, title, description, architecture, dataset in _PROJECTS
    )
