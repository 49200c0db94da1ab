"""Thirty healthy runs of different kinds: data, networks, optimizers and batch sizes that many people use."""

from __future__ import annotations

from tests.benchmarks.doctor_cases import (
    ABALONE,
    BANKNOTE,
    BINARY,
    CANCER,
    CONV,
    DIABETES,
    DIGITS,
    FLAT,
    GERMAN,
    IRIS,
    VALUE,
    WINE,
    Patient,
    arrays,
    dense,
    sgd,
    softmax,
    waves,
    words,
)

HEALTHY = (
    Patient("digits, small CNN", DIGITS, (*CONV, *softmax(10)), {"epochs": 12}),
    Patient("digits, MLP, Adam", DIGITS, (*FLAT, *dense(64), *softmax(10)), {"epochs": 15}),
    Patient("digits, MLP, SGD with momentum", DIGITS, (*FLAT, *dense(32), *softmax(10)), sgd(0.05, momentum=0.9)),
    Patient("digits, deep MLP, RMSprop", DIGITS, (*FLAT, *dense(64, 48, 32), *softmax(10)), {"optimizer": "rmsprop"}),
    Patient("digits, dropout", DIGITS, (*FLAT, *dense(96), ("Dropout", {"rate": 0.4}), *softmax(10)), {"epochs": 15}),
    Patient(
        "digits, CNN with batch normalization",
        DIGITS,
        (*CONV[:1], ("BatchNormalization", {}), *CONV[1:], *softmax(10)),
        {"epochs": 10},
    ),
    Patient("digits, tanh", DIGITS, (*FLAT, *dense(48, activation="tanh"), *softmax(10)), {"batch_size": 16}),
    Patient("digits, large batches", DIGITS, (*FLAT, *dense(64), *softmax(10)), {"batch_size": 128, "epochs": 30}),
    Patient(
        "digits, AdamW, GELU", DIGITS, (*FLAT, *dense(64, activation="gelu"), *softmax(10)), {"optimizer": "adamw"}
    ),
    Patient(
        "digits, LSTM over the rows",
        DIGITS,
        (("Reshape", {"target_shape": [8, 8]}), ("LSTM", {"units": 32}), *softmax(10)),
        {"epochs": 15},
    ),
    Patient("digits, softmax alone", DIGITS, (*FLAT, *softmax(10)), {"epochs": 30, "learning_rate": 0.005}),
    Patient("iris, MLP", IRIS, (*dense(16), *softmax(3)), {"epochs": 60, "learning_rate": 0.01, "batch_size": 16}),
    Patient(
        "iris, tanh, SGD",
        IRIS,
        (*dense(12, activation="tanh"), *softmax(3)),
        {"epochs": 80, "batch_size": 16, **sgd(0.05)},
    ),
    Patient(
        "iris, tiny batches", IRIS, (*dense(8), *softmax(3)), {"epochs": 30, "batch_size": 4, "learning_rate": 0.003}
    ),
    Patient("wine, MLP", WINE, (*dense(24), *softmax(3)), {"epochs": 40}),
    Patient("wine, SGD", WINE, (*dense(24), *softmax(3)), {"epochs": 50, **sgd(0.05)}),
    Patient(
        "wine, dropout, RMSprop",
        WINE,
        (*dense(32), ("Dropout", {"rate": 0.3}), *softmax(3)),
        {"optimizer": "rmsprop", "epochs": 40},
    ),
    Patient("breast cancer, MLP", CANCER, (*dense(32, 16), *softmax(2)), {"epochs": 30}),
    Patient(
        "breast cancer, logistic regression",
        CANCER,
        BINARY,
        {"loss": "binary_crossentropy", "epochs": 40, "learning_rate": 0.01},
    ),
    Patient(
        "breast cancer, SGD, weighed", CANCER, (*dense(16), *softmax(2)), {"class_weights": "balanced", **sgd(0.02)}
    ),
    Patient("diabetes, MLP", DIABETES, (*dense(32), *VALUE), {"epochs": 30}),
    Patient("diabetes, linear, SGD", DIABETES, VALUE, {"epochs": 40, **sgd(0.01)}),
    Patient("diabetes, Huber", DIABETES, (*dense(16, 16), *VALUE), {"loss": "huber", "epochs": 40}),
    Patient("abalone, MLP", ABALONE, (*dense(32, 16), *VALUE), {"epochs": 15}),
    Patient(
        "abalone, absolute error, SGD",
        ABALONE,
        (*dense(32), *VALUE),
        {"loss": "mean_absolute_error", "epochs": 20, **sgd(0.01)},
    ),
    Patient("banknotes, MLP", BANKNOTE, (*dense(16), *softmax(2)), {"epochs": 25}),
    Patient(
        "banknotes, sigmoid units",
        BANKNOTE,
        (*dense(16, activation="sigmoid"), *softmax(2)),
        {"epochs": 25, "learning_rate": 0.01},
    ),
    Patient("german credit, dropout", GERMAN, (*dense(16), ("Dropout", {"rate": 0.5}), *softmax(2)), {"epochs": 20}),
    Patient(
        "words, embedding",
        arrays(words),
        (("Embedding", {"input_dim": 400, "output_dim": 8}), ("GlobalAveragePooling1D", {}), *dense(16), *softmax(2)),
        {"epochs": 25, "learning_rate": 0.005},
    ),
    Patient(
        "series, GRU", arrays(waves), (("GRU", {"units": 24}), *softmax(3)), {"epochs": 15, "learning_rate": 0.005}
    ),
)
