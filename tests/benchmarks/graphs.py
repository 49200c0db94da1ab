"""Random graphs, valid and broken: what the check says against what plain Keras says, and saved and opened again.

python tests/benchmarks/graphs.py [how many]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import keras

sys.path.insert(0, str(Path(__file__).parents[2]))

from workbench.core.errors import GraphError
from workbench.data.spec import ColumnInfo, DatasetInfo
from workbench.engine import shapes
from workbench.engine.build import build_model
from workbench.engine.check import check
from workbench.graph.model import Graph, Link, Node
from workbench.graph.rules import problems
from workbench.project import store
from workbench.project.model import Project

GRAPHS = 500
COLUMNS = ("age", "height", "weight", "speed", "sound", "taste")
MERGES = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")
ATTENTION = ("MultiHeadAttention", "Attention", "AdditiveAttention")
PORTS = ("query", "value", "key")

Layer = tuple[str, dict[str, Any]]
Shape = tuple[int, ...]


def layer_for(draw: random.Random, rank: int) -> Layer:
    """A layer that mostly suits samples of so many axes."""
    small = draw.randint(1, 4)
    any_rank: list[Layer] = [
        ("BatchNormalization", {}),
        ("LayerNormalization", {}),
        ("ReLU", {}),
        ("Dropout", {"rate": 0.2}),
        ("Activation", {"activation": "tanh"}),
        ("Dense", {"units": draw.choice((2, 4))}),
        ("Flatten", {}),
    ]
    by_rank: dict[int, list[Layer]] = {
        1: [("RepeatVector", {"n": small}), ("Reshape", {"target_shape": [-1, draw.choice((1, 2, 3))]})],
        2: [
            ("Conv1D", {"filters": small, "kernel_size": draw.choice((1, 3)), "padding": "same"}),
            ("Conv1D", {"filters": small, "kernel_size": draw.randint(1, 5)}),
            ("MaxPooling1D", {"pool_size": 2}),
            ("GlobalAveragePooling1D", {}),
            ("LSTM", {"units": small, "return_sequences": draw.random() < 0.5}),
            ("GRU", {"units": small}),
            ("Permute", {"dims": [2, 1]}),
        ],
        3: [
            ("Conv2D", {"filters": 4, "kernel_size": draw.choice((1, 3)), "padding": "same"}),
            ("Conv2D", {"filters": small, "kernel_size": draw.randint(1, 4), "strides": draw.randint(1, 2)}),
            ("MaxPooling2D", {"pool_size": 2, "padding": draw.choice(("same", "valid"))}),
            ("GlobalMaxPooling2D", {}),
            ("UpSampling2D", {"size": 2}),
            ("ZeroPadding2D", {"padding": 1}),
        ],
    }
    if draw.random() < 0.06:
        rank = draw.randint(1, 3)
    own = by_rank.get(rank, [])
    return draw.choice(own) if own and draw.random() < 0.6 else draw.choice(any_rank)


def rank_after(layer: str, params: dict[str, Any], rank: int) -> int:
    """How many axes come out, as far as the random drawing cares."""
    if layer in ("Flatten", "GRU") or layer.startswith("Global"):
        return 1
    if layer == "LSTM":
        return 2 if params.get("return_sequences") else 1
    return 2 if layer in ("RepeatVector", "Reshape") else rank


def random_case(draw: random.Random) -> tuple[Graph, DatasetInfo]:
    """A drawing of a handful of layers that branch, merge and skip, and what its data are; often spoilt."""
    info = random_info(draw)
    rank = len(info.input_shape)
    nodes, links, ranks = [Node(id="i0", layer="Input", name="in")], list[Link](), {"i0": rank}
    if draw.random() < 0.3:
        columns = draw.sample(COLUMNS, draw.randint(1, 4)) if info.kind == "table" else None
        nodes.append(Node(id="i1", layer="Input", name="in 2", params={"columns": columns} if columns else {}))
        ranks["i1"] = rank
    for number in range(draw.randint(1, 9)):
        node, name = f"n{number}", f"layer {number}"
        recent = list(ranks)[-3:] if draw.random() < 0.8 else list(ranks)
        first = draw.choice(recent)
        alike = [other for other in ranks if ranks[other] == ranks[first]]
        twin = next((other for other in nodes if other.id.startswith("n") and not other.shares), None)
        if draw.random() < 0.3 and len(alike) > 1:
            merge = draw.choice(MERGES)
            sides = draw.sample(alike, 2 if merge == "Subtract" else draw.randint(2, min(3, len(alike))))
            nodes.append(Node(id=node, layer=merge, name=name))
            links += [Link(source=side, target=node) for side in sides]
        elif draw.random() < 0.25 and ranks[first] == 2:
            layer = draw.choice(ATTENTION)
            params = {"num_heads": 1, "key_dim": 2} if layer == "MultiHeadAttention" else {}
            nodes.append(Node(id=node, layer=layer, name=name, params=params))
            taken = draw.sample(PORTS, draw.randint(1, 3)) if draw.random() < 0.3 else PORTS[: draw.randint(1, 3)]
            links += [Link(source=draw.choice(alike), target=node, target_port=port) for port in taken]
        elif draw.random() < 0.12 and twin is not None and twin.layer not in (*MERGES, *ATTENTION):
            nodes.append(Node(id=node, layer=twin.layer, name=name, shares=twin.id))
            links.append(Link(source=first, target=node))
        else:
            layer, params = layer_for(draw, ranks[first])
            nodes.append(Node(id=node, layer=layer, name=name, params=params))
            links.append(Link(source=first, target=node))
        ranks[node] = rank_after(nodes[-1].layer, nodes[-1].params, ranks[first])
    for number in range(2 if draw.random() < 0.2 else 1):
        nodes.append(Node(id=f"o{number}", layer="Output", name=f"out {number}"))
        links.append(Link(source=draw.choice(list(ranks)[-3:]), target=f"o{number}"))
    graph = Graph(nodes=tuple(nodes), links=tuple(links))
    return (spoilt(graph, draw) if draw.random() < 0.2 else graph), info


def random_info(draw: random.Random) -> DatasetInfo:
    """A table, a series or pictures, of a small size."""
    sizes = {"samples": 30, "train_samples": 10, "validation_samples": 10, "test_samples": 10}
    rank = draw.choice((1, 2, 3, 3))
    if rank == 1:
        columns = tuple(ColumnInfo(name=name, kind="numeric") for name in COLUMNS)
        table = {"kind": "table", "columns": columns, "features": COLUMNS}
        return DatasetInfo(title="t", task="regression", input_shape=(len(COLUMNS),), **table, **sizes)
    shape = (draw.randint(3, 8), draw.choice((2, 4))) if rank == 2 else (8, 8, draw.choice((1, 4)))
    return DatasetInfo(title="t", kind="array", task="regression", input_shape=shape, **sizes)


def spoilt(graph: Graph, draw: random.Random) -> Graph:
    """The drawing with one thing wrong, or perhaps not wrong after all."""
    nodes, links = list(graph.nodes), list(graph.links)
    match draw.randint(0, 5):
        case 0:
            links.pop(draw.randrange(len(links)))
        case 1:
            inner = [node.id for node in nodes if node.id.startswith("n")]
            links.append(Link(source=draw.choice(inner), target=draw.choice(inner)))
        case 2:
            nodes.append(Node(id="x", layer="Dense", name="loose"))
        case 3:
            nodes = [node for node in nodes if node.layer != "Output"]
        case 4:
            nodes = [node for node in nodes if node.layer != "Input"]
        case _:
            nodes.append(Node(id="x", layer="Add", name="lonely"))
            links.append(Link(source=nodes[0].id, target="x"))
    known = {node.id for node in nodes}
    return Graph(nodes=tuple(nodes), links=tuple(link for link in links if {link.source, link.target} <= known))


def by_keras(graph: Graph, info: DatasetInfo) -> keras.Model | None:
    """The model as one would write it by hand, every drawn layer called; None where Keras refuses."""
    try:
        return _by_keras(graph, info)
    except (ValueError, TypeError, IndexError, KeyError, ZeroDivisionError):
        return None


def _by_keras(graph: Graph, info: DatasetInfo) -> keras.Model:
    entry = keras.Input(info.input_shape)
    tensors: dict[str, Any] = {}
    made: dict[str, Any] = {}
    waiting = list(graph.nodes)
    while waiting:
        ready = [node for node in waiting if all(link.source in tensors for link in graph.incoming[node.id])]
        if not ready:
            raise ValueError("a circle")
        node = ready[0]
        waiting.remove(node)
        into = [(link.target_port, tensors[link.source]) for link in graph.links if link.target == node.id]
        if node.layer == "Input":
            columns = node.params.get("columns")
            places = [place for place, name in enumerate(COLUMNS) if name in columns] if columns else None
            tensors[node.id] = entry if places is None else keras.ops.take(entry, places, axis=-1)
        elif node.layer == "Output":
            ((_, tensors[node.id]),) = into
        else:
            tensors[node.id] = _call(graph, node, into, made)
            if 0 in tensors[node.id].shape[1:]:
                raise ValueError("nothing is left")
    if not graph.inputs:
        raise ValueError("no input")
    outputs = [tensors[node.id] for node in graph.outputs]
    return keras.Model(entry, outputs if len(outputs) != 1 else outputs[0])


def _call(graph: Graph, node: Node, into: list[tuple[str, Any]], made: dict[str, Any]) -> Any:
    kept = node.shares or node.id
    if kept not in made:
        params = {
            key: tuple(value) if isinstance(value, list) else value for key, value in graph.by_id[kept].params.items()
        }
        made[kept] = getattr(keras.layers, node.layer)(**params)
    layer, tensors = made[kept], [tensor for _, tensor in into]
    if node.layer in ATTENTION:
        by_port = dict(into)
        if len(by_port) < len(into):
            raise ValueError("two in one port")
        if list(by_port) == ["query"]:
            by_port["value"] = by_port["query"]
        if node.layer == "MultiHeadAttention":
            return layer(**by_port)
        given = [by_port["query"], by_port["value"]]
        return layer([*given, by_port["key"]] if "key" in by_port else given)
    if node.layer in MERGES and len(tensors) > 1:
        return layer(tensors)
    (tensor,) = tensors
    return layer(tensor)


def disagreement(graph: Graph, info: DatasetInfo) -> str:
    """Where the check and Keras differ on a drawing; empty where they agree."""
    project = Project(graph=graph, info=info)
    report = check(project)
    faults = [problem.message for problem in problems(graph, info, None) if problem.severity == "error"]
    faults += [answer.error for answer in shapes.infer(graph, info).values() if answer.error]
    model = by_keras(graph, info)
    if (model is None) != bool(faults):
        return f"Keras {'refuses' if model is None else 'takes'} what the check calls {faults or 'right'}"
    if model is None:
        return "" if not report.ok else "the report says nothing of the fault"
    if any(problem.message in faults for problem in report.problems):
        return "the report names a fault that is none"
    ends = [report.by_id[node.id].output_shape for node in graph.outputs]
    if ends != [tuple(output.shape[1:]) for output in model.outputs]:
        return f"the outputs' shapes differ: {ends}"
    if report.total_params != model.count_params():
        return f"{report.total_params} parameters against {model.count_params()}"
    try:
        built = build_model(graph, info)
    except GraphError as error:
        return f"what is right is not built: {error}"
    if built.count_params() != report.total_params or built.output_shape != model.output_shape:
        return "what is built differs"
    return ""


def reopened(graph: Graph, info: DatasetInfo, folder: Path) -> bool:
    """Whether the drawing, saved and opened, is the same."""
    store.save(Project(graph=graph, info=info), folder)
    return store.load(folder).graph == graph


def main() -> int:
    """Print the figures; 1 when one does not hold."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else GRAPHS
    start, kinds, wrong = time.perf_counter(), Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(count):
            graph, info = random_case(random.Random(seed))
            found = disagreement(graph, info)
            if not found and not reopened(graph, info, Path(folder) / f"p{seed}"):
                found = "it is not the same after saving and opening"
            if found:
                wrong += 1
                print(f"seed {seed}: {found}")
            kinds["valid" if by_keras(graph, info) is not None else "broken"] += 1
            kinds["branching"] += any(len(links) > 1 for links in graph.outgoing.values())
            kinds["with several inputs or outputs"] += len(graph.inputs) > 1 or len(graph.outputs) > 1
            kinds["with a shared layer"] += any(node.shares for node in graph.nodes)
    print(", ".join(f"{number} {kind}" for kind, number in kinds.items()))
    print(f"{count - wrong} of {count} graphs agree with Keras, and are the same opened again")
    print(f"{time.perf_counter() - start:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
