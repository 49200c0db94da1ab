"""How fast a drawing of ResNet-50's size is checked, cold and after an edit, and that no weight is ever allocated.

python tests/benchmarks/shapes.py
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from workbench.data.spec import DatasetInfo
from workbench.engine import shapes
from workbench.engine.check import check
from workbench.graph import edits
from workbench.graph.layout import positions
from workbench.graph.model import Graph, Link, Node
from workbench.project.model import Project

COLD_MS, EDIT_MS, LAYOUT_S, MEGABYTES = 150.0, 30.0, 1.0, 50.0
REPEATS = 15
PARAMS = 25_636_712
"""Of ResNet-50 as published with Keras."""


class Drawing:
    """Builds a graph layer by layer."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.links: list[Link] = []

    def add(self, layer: str, *sources: str, **params: Any) -> str:
        """Put a layer behind others; returns its id."""
        name = f"n{len(self.nodes) + 1}"
        self.nodes.append(Node(id=name, layer=layer, name=name, params=params))
        self.links += [Link(source=source, target=name) for source in sources]
        return name

    def graph(self) -> Graph:
        """What was built."""
        return Graph(nodes=tuple(self.nodes), links=tuple(self.links))


def resnet_50() -> Graph:
    """ResNet-50, layer by layer as in Keras."""
    draw = Drawing()

    def conv(source: str, filters: int, size: int = 1, strides: int = 1, padding: str = "valid") -> str:
        node = draw.add("Conv2D", source, filters=filters, kernel_size=size, strides=strides, padding=padding)
        return draw.add("BatchNormalization", node, epsilon=1.001e-5)

    last = draw.add("ZeroPadding2D", draw.add("Input"), padding=3)
    last = draw.add("ReLU", conv(last, 64, 7, 2))
    last = draw.add("MaxPooling2D", draw.add("ZeroPadding2D", last, padding=1), pool_size=3, strides=2)
    for stage, (filters, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
        for block in range(blocks):
            strides = 2 if stage and not block else 1
            skip = last if block else conv(last, 4 * filters, 1, strides)
            inner = draw.add("ReLU", conv(last, filters, 1, strides))
            inner = draw.add("ReLU", conv(inner, filters, 3, 1, "same"))
            last = draw.add("ReLU", draw.add("Add", skip, conv(inner, 4 * filters)))
    last = draw.add("Dense", draw.add("GlobalAveragePooling2D", last), units=1000, activation="softmax")
    draw.add("Output", last)
    return draw.graph()


def deep_residual(blocks: int) -> Graph:
    """Blocks of eight layers with a skip over each."""
    draw = Drawing()
    last = draw.add("Input")
    for _ in range(blocks):
        start = last
        for layer in ("Conv2D", "BatchNormalization", "ReLU", "Conv2D", "BatchNormalization", "Dropout"):
            last = draw.add(layer, last)
        last = draw.add("ReLU", draw.add("Add", last, start))
    draw.add("Output", last)
    return draw.graph()


def data(shape: tuple[int, ...], classes: int) -> DatasetInfo:
    """What pictures or numbers of this shape would be."""
    sizes = {"samples": 300, "train_samples": 100, "validation_samples": 100, "test_samples": 100}
    names = tuple(f"c{number}" for number in range(classes))
    task = "classification" if classes else "regression"
    return DatasetInfo(title="t", kind="array", task=task, input_shape=shape, classes=names, **sizes)


def median_ms(work: Callable[[int], object]) -> tuple[float, float]:
    """The medians of some runs, the first left out, in milliseconds: by the clock, and of the processor."""
    taken = []
    for turn in range(REPEATS + 1):
        clock, processor = time.perf_counter(), time.process_time()
        work(turn)
        taken.append((time.perf_counter() - clock, time.process_time() - processor))
    clocks, processors = zip(*taken[1:], strict=True)
    return statistics.median(clocks) * 1000, statistics.median(processors) * 1000


def main() -> int:
    """Print the figures; 1 when one does not hold."""
    graph = resnet_50()
    project = Project(graph=graph, info=data((224, 224, 3), 1000))
    before = psutil.Process().memory_info().rss
    report = check(project)
    held = report.ok and report.total_params == PARAMS
    print(f"ResNet-50: {len(graph.nodes)} nodes, {report.total_params:,} parameters")
    print(f"  {report.total_flops / 1e9:.1f} GFLOPs a sample")
    print(f"  {report.activation_bytes / 1e9:.2f} GB kept for a batch of {report.batch_size}")
    print(f"  largest batch that fits here: {report.largest_batch}")

    def cold(_: int) -> None:
        shapes._cache.clear()
        check(project)

    near_end = next(node for node in reversed(graph.order) if graph.by_id[node].layer == "Conv2D")
    feeding = graph.by_id[near_end].params["filters"]

    def widened(turn: int) -> None:
        # The Add behind it does not fit then, which has to be told as well.
        check(project.model_copy(update={"graph": edits.set_params(graph, near_end, {"filters": feeding + 1 + turn})}))

    head = graph.incoming[graph.outputs[0].id][0].source

    def renamed(turn: int) -> None:
        check(project.model_copy(update={"graph": edits.set_params(graph, head, {"use_bias": turn % 2 == 0})}))

    figures = (
        ("whole graph, cold", cold, COLD_MS),
        ("edit near its end", widened, EDIT_MS),
        ("its last layer", renamed, EDIT_MS),
    )
    for title, work, most in figures:
        clock, processor = median_ms(work)
        print(f"  {title}: {clock:.1f} ms by the clock, {processor:.1f} ms of the processor (at most {most:.0f})")
        held &= clock <= most
    grown = (psutil.Process().memory_info().rss - before) / 1e6
    print(f"  memory grown: {grown:.0f} MB (weights alone would be {PARAMS * 4 / 1e6:.0f} MB; at most {MEGABYTES:.0f})")
    held &= grown <= MEGABYTES

    stack = Drawing()
    stack.add("Output", stack.add("Dense", stack.add("Dense", stack.add("Input"), units=100_000), units=1))
    before = psutil.Process().memory_info().rss
    wide = check(Project(graph=stack.graph(), info=data((100_000,), 0)))
    grown = (psutil.Process().memory_info().rss - before) / 1e6
    print(f"Dense(100000) on 100000 inputs: {wide.total_params:,} parameters, {grown:.0f} MB (at most {MEGABYTES:.0f})")
    held &= wide.total_params == 100_000 * 100_000 + 200_001 and grown <= MEGABYTES
    many = deep_residual(125)
    start = time.perf_counter()
    positions(many)
    taken = time.perf_counter() - start
    print(f"Layout of {len(many.nodes):,} nodes: {taken * 1000:.0f} ms (at most {LAYOUT_S * 1000:.0f})")
    held &= taken <= LAYOUT_S
    print("Holds." if held else "Does not hold.")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
