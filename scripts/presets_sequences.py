"""Networks for series, text, frames and tables."""

from __future__ import annotations

from typing import Any

from preset_drawing import Drawing, Recipe, patient, stack

from workbench.graph.model import Graph

SERIES = {"kinds": ["array"], "rank": 2}
WORDS = {"kinds": ["array"], "integer": True}
PLAN = patient(40, 8)
A_SERIES = {"reference_input": [128, 3], "reference_classes": 6}
A_TEXT = {"reference_input": [100], "reference_classes": 2, "reference_vocabulary": 1000}
SOFTMAX: tuple[str, dict[str, Any]] = ("Dense", {"units": 10, "activation": "softmax"})


def stacked(layer: str) -> Graph:
    """Two recurrent layers, the first telling every step."""
    return stack(
        (layer, {"units": 64, "return_sequences": True}),
        ("Dropout", {"rate": 0.2}),
        (layer, {"units": 64}),
        ("Dropout", {"rate": 0.2}),
        SOFTMAX,
    )


def convolutional_series() -> Graph:
    """Three convolutions over time, averaged."""
    drawing = Drawing()
    for number, (filters, kernel) in enumerate(((128, 8), (256, 5), (128, 3)), 1):
        with drawing.block(f"Block {number}"):
            drawing.add("Conv1D", filters=filters, kernel_size=kernel, padding="same")
            drawing.add("BatchNormalization", momentum=0.9)
            drawing.add("ReLU")
    drawing.add("GlobalAveragePooling1D")
    drawing.add("Dense", units=10, activation="softmax")
    return drawing.end()


def text_cnn() -> Graph:
    """Kernels of three, four and five words side by side, the strongest of each."""
    drawing = Drawing()
    words = drawing.add("Embedding", input_dim=1000, output_dim=300)
    found = []
    for width in (3, 4, 5):
        with drawing.block(f"{width} words"):
            drawing.add("Conv1D", words, filters=100, kernel_size=width, padding="same", activation="relu")
            found.append(drawing.add("GlobalMaxPooling1D"))
    drawing.add("Concatenate", *found)
    drawing.add("Dropout", rate=0.5)
    drawing.add("Dense", units=10, activation="softmax")
    return drawing.end()


def frames() -> Graph:
    """The same small CNN on each frame, and an LSTM over what it saw."""
    drawing = Drawing()

    def each(layer: str, **params: Any) -> None:
        inner: dict[str, Any] = {"layer": layer} | ({"params": params} if params else {})
        drawing.add("TimeDistributed", layer=inner)

    with drawing.block("Each frame"):
        each("Conv2D", filters=16, kernel_size=3, padding="same", activation="relu")
        each("MaxPooling2D", pool_size=2)
        each("Conv2D", filters=32, kernel_size=3, padding="same", activation="relu")
        each("GlobalAveragePooling2D")
    drawing.add("LSTM", units=64)
    drawing.add("Dropout", rate=0.2)
    drawing.add("Dense", units=10, activation="softmax")
    return drawing.end()


def wide_and_deep() -> Graph:
    """What is learned by heart beside what is generalised, and one answer from both."""
    drawing = Drawing()
    wide = drawing.last
    with drawing.block("Deep"):
        for units in (256, 128, 64):
            drawing.add("Dense", units=units, activation="relu")
            drawing.add("Dropout", rate=0.2)
    drawing.add("Concatenate", wide, drawing.last, name="wide_and_deep")
    drawing.add("Dense", units=10, activation="softmax")
    return drawing.end()


def _both_ways(units: int, **params: Any) -> tuple[str, dict[str, Any]]:
    return "Bidirectional", {"layer": {"layer": "LSTM", "params": {"units": units, **params}}}


_LSTM = {"authors": "Hochreiter, Schmidhuber", "year": 1997, "title": "Long short-term memory"}

SEQUENCES = (
    Recipe(
        "stacked-lstm",
        "Stacked LSTM",
        "Two LSTM layers: the second reads what the first makes of each step.",
        SERIES,
        stacked("LSTM"),
        PLAN,
        {
            "order": 2,
            "paper": {
                "authors": "Graves, Mohamed, Hinton",
                "year": 2013,
                "title": "Speech recognition with deep recurrent neural networks",
                "arxiv": "1303.5778",
            },
            **A_SERIES,
        },
    ),
    Recipe(
        "stacked-gru",
        "Stacked GRU",
        "Two GRU layers: gates like the LSTM's, but fewer of them.",
        SERIES,
        stacked("GRU"),
        PLAN,
        {
            "order": 3,
            "paper": {
                "authors": "Cho et al.",
                "year": 2014,
                "title": "Learning phrase representations using RNN encoder-decoder for statistical machine "
                "translation",
                "arxiv": "1406.1078",
            },
            **A_SERIES,
        },
    ),
    Recipe(
        "series-cnn",
        "CNN for series",
        "Three convolutions over time and an average: quick, and hard to beat on short series.",
        SERIES,
        convolutional_series(),
        PLAN,
        {
            "order": 1,
            "paper": {
                "authors": "Wang, Yan, Oates",
                "year": 2016,
                "title": "Time series classification from scratch with deep neural networks: A strong baseline",
                "arxiv": "1611.06455",
            },
            **A_SERIES,
        },
    ),
    Recipe(
        "cnn-lstm",
        "CNN and LSTM",
        "Convolutions find short patterns, an LSTM reads them in order, dense layers answer.",
        SERIES,
        stack(
            ("Conv1D", {"filters": 64, "kernel_size": 5, "padding": "same", "activation": "relu"}),
            ("MaxPooling1D", {"pool_size": 2, "padding": "same"}),
            ("Conv1D", {"filters": 64, "kernel_size": 3, "padding": "same", "activation": "relu"}),
            ("LSTM", {"units": 64}),
            ("Dropout", {"rate": 0.2}),
            ("Dense", {"units": 64, "activation": "relu"}),
            SOFTMAX,
        ),
        PLAN,
        {
            "order": 4,
            "paper": {
                "authors": "Sainath, Vinyals, Senior, Sak",
                "year": 2015,
                "title": "Convolutional, long short-term memory, fully connected deep neural networks",
            },
            **A_SERIES,
        },
    ),
    Recipe(
        "frames-cnn-lstm",
        "CNN and LSTM for frames",
        "The same small CNN looks at each picture of a series, an LSTM reads what it saw.",
        {"kinds": ["array"], "rank": 4, "min_size": 4},
        frames(),
        PLAN,
        {
            "order": 1,
            "paper": {
                "authors": "Donahue et al.",
                "year": 2014,
                "title": "Long-term recurrent convolutional networks for visual recognition and description",
                "arxiv": "1411.4389",
            },
            "reference_input": [8, 16, 16, 1],
            "reference_classes": 4,
        },
    ),
    Recipe(
        "bilstm-text",
        "Bidirectional LSTM for text",
        "Words become vectors, two LSTM layers read them from both ends.",
        WORDS,
        stack(
            ("Embedding", {"input_dim": 1000, "output_dim": 64}),
            _both_ways(64, return_sequences=True),
            ("Dropout", {"rate": 0.3}),
            _both_ways(32),
            ("Dropout", {"rate": 0.3}),
            SOFTMAX,
        ),
        patient(20, 5),
        {
            "order": 1,
            "paper": {
                "authors": "Graves, Schmidhuber",
                "year": 2005,
                "title": "Framewise phoneme classification with bidirectional LSTM and other neural network "
                "architectures",
            },
            **A_TEXT,
        },
    ),
    Recipe(
        "text-cnn",
        "CNN for text",
        "Kernels of three, four and five words side by side; the strongest answer of each counts.",
        WORDS,
        text_cnn(),
        patient(20, 5),
        {
            "order": 3,
            "paper": {
                "authors": "Kim",
                "year": 2014,
                "title": "Convolutional neural networks for sentence classification",
                "arxiv": "1408.5882",
            },
            **A_TEXT,
        },
    ),
    Recipe(
        "wide-and-deep",
        "Wide and deep",
        "The row itself beside three dense layers: one side learns by heart, the other generalises.",
        {"kinds": ["table"]},
        wide_and_deep(),
        patient(100, 15),
        {
            "order": 1,
            "paper": {
                "authors": "Cheng et al.",
                "year": 2016,
                "title": "Wide & deep learning for recommender systems",
                "arxiv": "1606.07792",
            },
            "reference_input": [30],
            "reference_classes": 3,
        },
    ),
)
