"""Drawings to write as code: stacks, skips, several ends, shared layers, attention, and random ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from workbench.data.spec import DatasetInfo
from workbench.graph.model import Graph, Link, Node
from workbench.project.presets import Preset, architectures, project_presets

# Presets of published size, too heavy for a test of moments.
LARGE = ("alexnet", "vgg16", "bert-base", "gpt2", "vit-b16", "mixer-s16", "unet", "inception-v3", "googlenet")
SHAPES = {"image": (28, 28, 1), "table": (6,), "array": (12, 5)}


def info(shape: tuple[int, ...] = (28, 28, 1), *, integer: bool = False, features: tuple[str, ...] = ()) -> DatasetInfo:
    """Data of a shape, with two classes."""
    return DatasetInfo(
        title="made data",
        kind="image" if len(shape) in (3, 4) else "table" if len(shape) == 1 else "array",
        task="classification",
        input_shape=shape,
        integer_input=integer,
        vocabulary=50 if integer else 0,
        classes=("a", "b"),
        features=features,
        samples=9,
        train_samples=3,
        validation_samples=3,
        test_samples=3,
    )


def presets() -> list[tuple[str, Graph, DatasetInfo]]:
    """Every preset's drawing with data that suit it."""
    return [(preset.name, preset.project.graph, _suiting(preset)) for preset in (*architectures(), *project_presets())]


def _suiting(preset: Preset) -> DatasetInfo:
    suits = preset.suits
    kind = suits.kinds[0] if suits.kinds else "table"
    shape = SHAPES[kind]
    if suits.rank == 4:
        return info((3, 16, 16, 1))
    if suits.integer:
        return info((12,), integer=True)
    if kind == "image":
        side = max(28, suits.min_size)
        shape = (side, side, 3 if suits.min_size > 28 else 1)
    return info(shape)


def drawing(*parts: tuple[Any, ...]) -> Graph:
    """A drawing from (name, layer, params, sources...) in order.

    A source is a name, (name, port it goes to), or (name, port it goes to, port it comes from).
    """
    nodes, links = [], []
    for name, layer, params, *sources in parts:
        shares = params.pop("shares", None) if "shares" in params else None
        nodes.append(Node(id=name, layer=layer, name=name, params=params, shares=shares))
        for source in sources:
            found, port, way = (*source, "output")[:3] if isinstance(source, tuple) else (source, "input", "output")
            links.append(Link(source=found, target=name, source_port=way, target_port=port))
    return Graph(nodes=tuple(nodes), links=tuple(links))


def residual() -> Graph:
    """Three equal blocks with a skip, of growing width inside."""
    parts: list[tuple[Any, ...]] = [
        ("input", "Input", {}),
        ("stem", "Conv2D", {"filters": 4, "kernel_size": 3, "padding": "same"}, "input"),
    ]
    last = "stem"
    for number in (1, 2, 3):
        block = f"stage{number}"
        wide = {"filters": 2 * number, "kernel_size": [3, 1], "padding": "same", "use_bias": False}
        parts += [
            (f"{block}_conv1", "Conv2D", wide, last),
            (f"{block}_bn", "BatchNormalization", {}, f"{block}_conv1"),
            (f"{block}_relu", "Activation", {"activation": "relu"}, f"{block}_bn"),
            (f"{block}_conv2", "Conv2D", {"filters": 4, "kernel_size": 1}, f"{block}_relu"),
            (f"{block}_add", "Add", {}, last, f"{block}_conv2"),
        ]
        last = f"{block}_add"
    parts += [
        ("pool", "GlobalAveragePooling2D", {}, last),
        ("answer", "Dense", {"units": 2, "activation": "softmax"}, "pool"),
        ("output", "Output", {}, "answer"),
    ]
    return drawing(*parts)


def numbered() -> Graph:
    """Three equal blocks whose layers have only Keras's own counting names."""
    parts: list[tuple[Any, ...]] = [("input", "Input", {})]
    last = "input"
    for number in range(3):
        tail = f"_{number}" if number else ""
        wide, narrow = (f"conv2d_{2 * number}" if number else "conv2d"), f"conv2d_{2 * number + 1}"
        parts += [
            (wide, "Conv2D", {"filters": 3 + number, "kernel_size": 3, "padding": "same"}, last),
            (narrow, "Conv2D", {"filters": 1, "kernel_size": 3, "padding": "same", "activation": "relu"}, wide),
            (f"batch_normalization{tail}", "BatchNormalization", {}, narrow),
            (f"dropout{tail}", "Dropout", {"rate": 0.1}, f"batch_normalization{tail}"),
            (f"add{tail}", "Add", {}, f"dropout{tail}", last),
        ]
        last = f"add{tail}"
    parts += [
        ("flatten", "Flatten", {}, last),
        ("dense", "Dense", {"units": 2}, "flatten"),
        ("output", "Output", {}, "dense"),
    ]
    return drawing(*parts)


def attention() -> Graph:
    """A Transformer block with named ports, nested layers and settings written as code."""
    return drawing(
        ("input", "Input", {}),
        (
            "both",
            "Bidirectional",
            {"layer": {"layer": "LSTM", "params": {"units": 4, "return_sequences": True}}},
            "input",
        ),
        ("self", "MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, "both"),
        ("sum", "Add", {}, "both", "self"),
        ("norm", "LayerNormalization", {"epsilon": 1e-6}, "sum"),
        ("cross", "MultiHeadAttention", {"num_heads": 1, "key_dim": 2}, ("both", "value"), ("norm", "query")),
        ("look", "Attention", {"use_scale": True}, "norm", "cross"),
        ("each", "TimeDistributed", {"layer": {"layer": "Dense", "params": {"units": 3}}}, "look"),
        ("pool", "GlobalMaxPooling1D", {}, "each"),
        (
            "answer",
            "Dense",
            {
                "units": 2,
                "kernel_initializer": {"class_name": "RandomNormal", "config": {"stddev": 0.1}},
                "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 1e-5, "l2": 1e-4}},
                "bias_constraint": "non_neg",
            },
            "pool",
        ),
        ("output", "Output", {}, "answer"),
    )


def shared() -> Graph:
    """Two inputs through one layer, two outputs."""
    return drawing(
        ("left", "Input", {}),
        ("right", "Input", {}),
        ("encode", "Dense", {"units": 4, "activation": "tanh"}, "left"),
        ("encode_again", "Dense", {"shares": "encode"}, "right"),
        ("apart", "Subtract", {}, "encode", "encode_again"),
        ("first", "Dense", {"units": 2}, "apart"),
        ("answer", "Output", {}, "first"),
        ("distance", "Output", {}, "apart"),
    )


def wide_and_deep() -> Graph:
    """Two inputs that take columns of a table."""
    return drawing(
        ("wide", "Input", {"columns": ["age", "town"]}),
        ("deep", "Input", {"columns": ["height"]}),
        ("dense", "Dense", {"units": 4, "activation": "relu"}, "deep"),
        ("concatenate", "Concatenate", {}, "wide", "dense"),
        ("dense_1", "Dense", {"units": 2}, "concatenate"),
        ("output", "Output", {}, "dense_1"),
    )


def made() -> list[tuple[str, Graph, DatasetInfo]]:
    """The made drawings with their data."""
    return [
        ("residual", residual(), info((12, 12, 1))),
        ("numbered", numbered(), info((6, 6, 1))),
        ("attention", attention(), info((12, 5))),
    ]


_UNARY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Dense", {"units": 3}),
    ("Dense", {"units": 5, "activation": "relu", "use_bias": False}),
    ("Dense", {"units": 2, "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.01}}}),
    ("Dropout", {"rate": 0.25}),
    ("Conv2D", {"filters": 4, "kernel_size": [3, 5], "strides": 2}),
    ("MaxPooling2D", {}),
    ("Reshape", {"target_shape": [4, -1]}),
    ("Normalization", {"mean": [1.0, 2.5], "variance": [1.0, 0.5]}),
    ("Bidirectional", {"layer": {"layer": "GRU", "params": {"units": 2, "dropout": 0.1}}, "merge_mode": "sum"}),
    ("RandomFlip", {"mode": "vertical", "seed": 3}),
    ("LeakyReLU", {"negative_slope": 0.1}),
    ("Activation", {"activation": "gelu"}),
)
_MERGING = (
    ("Add", {}),
    ("Concatenate", {"axis": 1}),
    ("Maximum", {}),
    ("MultiHeadAttention", {"num_heads": 1, "key_dim": 2}),
)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Random drawings without circles in which all leads to an output; not all could be built."""
    parts: list[tuple[Any, ...]] = [(f"in_{number}", "Input", {}) for number in range(draw(st.integers(1, 3)))]
    for number in range(draw(st.integers(0, 14))):
        known = [part[0] for part in parts]
        same = [part for part in parts if part[1] == "Dense" and "shares" not in part[2]]
        kind = draw(st.integers(0, 9))
        name = draw(st.sampled_from((f"layer_{number}", f"block{number}_part", f"Layer.{number}", f"{number}-th")))
        if kind == 0 and same:
            chosen = draw(st.sampled_from(same))
            parts.append((f"again_{number}", "Dense", {"shares": chosen[0]}, draw(st.sampled_from(known))))
        elif kind < 4:
            layer, params = draw(st.sampled_from(_MERGING))
            most = 2 if layer == "MultiHeadAttention" else 4
            sources = draw(st.lists(st.sampled_from(known), min_size=2, max_size=most))
            parts.append((name, layer, params, *sources))
        else:
            layer, params = draw(st.sampled_from(_UNARY))
            parts.append((name, layer, params, draw(st.sampled_from(known[-3:]))))
    used = {source for part in parts for source in part[3:]}
    ends = [part[0] for part in parts if part[0] not in used]
    parts += [(f"out_{number}" if number else "output", "Output", {}, end) for number, end in enumerate(ends)]
    return drawing(*((name, layer, dict(params), *sources) for name, layer, params, *sources in parts))


def encoder_decoder() -> Graph:
    """An LSTM that begins with the states in which another ended."""
    return drawing(
        ("input", "Input", {}),
        ("encoder", "LSTM", {"units": 5, "return_state": True}, "input"),
        (
            "decoder",
            "LSTM",
            {"units": 5, "return_sequences": True},
            "input",
            ("encoder", "state h", "state h"),
            ("encoder", "state c", "state c"),
        ),
        ("pool", "GlobalAveragePooling1D", {}, "decoder"),
        ("answer", "Dense", {"units": 2, "activation": "softmax"}, "pool"),
        ("output", "Output", {}, "answer"),
    )


def _joined(layer: str, params: dict[str, Any], *ports: str, second: bool = True) -> Graph:
    """A layer whose further outputs are all used, by a layer of its own kind that begins with them where it can."""
    parts: list[tuple[Any, ...]] = [("input", "Input", {}), ("first", layer, params, "input")]
    names = ["first", *(("first", "input", port) for port in ports)]
    if second:
        parts.append(("again", layer, params, "input", *(("first", port, port) for port in ports)))
        names += ["again", *(("again", "input", port) for port in ports)]
    for number, name in enumerate(names):
        parts.append((f"flat{number}", "Flatten", {}, name))
    parts.append(("both", "Concatenate", {}, *(f"flat{number}" for number in range(len(names)))))
    answer = ("answer", "Dense", {"units": 2, "activation": "softmax"}, "both")
    return drawing(*parts, answer, ("output", "Output", {}, "answer"))


def several() -> list[tuple[str, Graph, DatasetInfo]]:
    """Layers of every kind that puts out more than one tensor, each of them used."""
    row, volume = info((4, 3)), info((3, 6, 6, 1))
    inner = {"layer": {"layer": "LSTM", "params": {"units": 3, "return_state": True}}}
    cells = {"layer": "StackedRNNCells", "params": {"cells": [
        {"layer": "LSTMCell", "params": {"units": 3}}, {"layer": "GRUCell", "params": {"units": 2}}]}}  # fmt: skip
    heads, both = {"num_heads": 2, "key_dim": 3, "return_attention_scores": True}, ("state h", "state c")
    scored = {"return_attention_scores": True}
    return [
        ("encoder-decoder", encoder_decoder(), row),
        ("lstm", _joined("LSTM", {"units": 3, "return_state": True}, *both), row),
        ("gru", _joined("GRU", {"units": 3, "return_state": True, "return_sequences": True}, "state"), row),
        ("simple", _joined("SimpleRNN", {"units": 3, "return_state": True}, "state"), row),
        ("bidirectional", _joined("Bidirectional", inner, *(f"{way} {name}" for way in ("forward", "backward")
                                                            for name in both)), row),
        ("stacked", _joined("RNN", {"cell": cells, "return_state": True}, "state 1 h", "state 1 c", "state 2"), row),
        ("convolved", _joined("ConvLSTM2D", {"filters": 2, "kernel_size": 3, "padding": "same", "return_state": True},
                              *both), volume),
        ("heads", _joined("MultiHeadAttention", heads, "scores", second=False), row),
        ("grouped", _joined("GroupQueryAttention", {"head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2,
                                                    **scored}, "scores", second=False), row),
        ("attention", _joined("Attention", scored, "scores", second=False), row),
        ("additive", _joined("AdditiveAttention", scored, "scores", second=False), row),
    ]  # fmt: skip
