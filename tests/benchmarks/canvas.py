"""How quick the canvas is on a drawing of 1,000 layers: open, pan, zoom, every kind of edit, with real paint events.

QT_QPA_PLATFORM=offscreen python tests/benchmarks/canvas.py [layers]
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from ui.pages.model import ModelPage
from ui.session import Session
from ui.theme import apply_theme
from workbench.data.spec import DatasetInfo
from workbench.graph import edits
from workbench.graph.model import Graph, Link, Node
from workbench.project.model import Project

ROUNDS = 40
FRAME, FELT = 1000 / 60, 50.0
Times = tuple[float, float]
INFO = DatasetInfo(
    title="Pictures",
    kind="image",
    task="classification",
    input_shape=(32, 32, 3),
    classes=tuple("0123456789"),
    samples=100,
    train_samples=80,
    validation_samples=10,
    test_samples=10,
)


def drawing(count: int) -> Graph:
    """Residual blocks of five layers, one behind the other, in `count` layers."""
    nodes, links = [Node(id="in", layer="Input", name="input")], []
    last = "in"
    for block in range(count // 5):
        names = [f"b{block}_{part}" for part in range(5)]
        layers = ("Conv2D", "BatchNormalization", "ReLU", "Conv2D", "Add")
        for name, layer in zip(names, layers, strict=True):
            params = {"filters": 16, "kernel_size": [3, 3], "padding": "same"} if layer == "Conv2D" else {}
            nodes.append(Node(id=name, layer=layer, name=name, params=params))
        chain = [last, *names]
        links += [Link(source=one, target=two) for one, two in zip(chain, names, strict=False)]
        links.append(Link(source=names[0], target=names[4]))
        last = names[4]
    nodes.append(Node(id="out", layer="Output", name="output"))
    links.append(Link(source=last, target="out"))
    return Graph(nodes=tuple(nodes), links=tuple(links))


def timed(
    work: Callable[[int], object],
    page: ModelPage,
    rounds: int = ROUNDS,
    first: Callable[[int], object] = lambda _: None,
) -> list[Times]:
    """Milliseconds for each round, with the repaint that it asks for: on the clock, and of this thread's own work.

    Args:
        work: What is timed.
        page: What is repainted.
        rounds: How often.
        first: What comes before each round, off the clock.
    """
    found = []
    for number in range(rounds):
        first(number)
        QApplication.processEvents()
        began, own = time.perf_counter(), time.thread_time()
        work(number)
        QApplication.sendPostedEvents()
        page.view.viewport().repaint()
        found.append((1000 * (time.perf_counter() - began), 1000 * (time.thread_time() - own)))
    return found


def told(name: str, times: list[Times], bound: float) -> bool:
    """Print one line of the table; whether its median is within the bound."""
    middle, most = statistics.median(wall for wall, _ in times), max(wall for wall, _ in times)
    own = statistics.median(own for _, own in times)
    kept = middle <= bound
    print(f"{name:<34}{middle:>9.1f}{own:>9.1f}{most:>9.1f}{bound:>9.1f}  {'kept' if kept else 'MISSED'}")
    return kept


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    app = QApplication(sys.argv[:1])
    apply_theme(app, "light")
    graph = drawing(count)
    session = Session()
    page = ModelPage(session)
    page.resize(1600, 900)
    page.show()
    app.processEvents()
    print(f"{len(graph.nodes)} layers, {len(graph.links)} links")
    print(f"{'ms':<34}{'median':>9}{'CPU':>9}{'most':>9}{'bound':>9}")
    with tempfile.TemporaryDirectory() as folder:
        project = Project(name="big", info=INFO, graph=graph)
        opened = timed(lambda _: session.start(project, Path(folder), draft=True), page, 1)
        kept = [told("open, lay out, paint", opened, 2000), *looked_at(page), *edited(page)]
        session.close()
    page.close()
    return 0 if all(kept) else 1


def looked_at(page: ModelPage) -> list[bool]:
    """Pan and zoom, near and far."""
    view = page.view
    view.reset_zoom()
    kept = [
        told("pan at 100 %", timed(lambda _: view.pan(QPoint(0, -30)), page), FRAME),
        told("zoom", timed(lambda k: view.zoom_by(0.9 if k % 20 < 10 else 1 / 0.9), page), FRAME),
    ]
    view.fit()
    kept.append(told("pan, the whole drawing in sight", timed(lambda _: view.pan(QPoint(0, -4)), page), FRAME))
    view.reset_zoom()
    view.reveal("b3_0")
    return kept


def edited(page: ModelPage) -> list[bool]:
    """Every kind of edit, near the top, so that nearly all of the drawing moves."""
    session, editor, canvas = page.session, page.editor, page.canvas

    def into(block: int) -> Link:
        return session.project.graph.incoming[f"b{block}_3"][0]

    def choose(first: str, count: int = 1) -> None:
        nodes = [node.id for node in session.project.graph.nodes]
        canvas.select(nodes[nodes.index(first) :][:count])

    def set_filters(number: int) -> None:
        session.edit_graph("Set", lambda old: edits.set_params(old, "b3_0", {"filters": 8 + number}))

    def fold(number: int) -> None:
        if number:
            editor.groups.turn_fold()
        else:
            editor.groups.group()

    def again(number: int) -> None:
        if number % 2:
            session.redo()
        else:
            session.undo()

    kept = [told("edit: a setting", timed(set_filters, page, 15), FELT)]
    kept.append(told("edit: a layer put in", timed(lambda k: editor.insert("ReLU", into(k)), page, 15), FELT))
    kept.append(told("edit: undo and redo", timed(again, page, 14), FELT))
    taken = timed(lambda _: editor.delete(), page, 15, lambda k: choose(f"b{k}_2"))
    kept.append(told("edit: a layer deleted", taken, FELT))

    def copy(number: int) -> None:
        choose("b20_0", 5)
        editor.copy()
        choose(f"b{number}_4")

    kept.append(told("edit: a block of 5 pasted", timed(lambda _: editor.paste(), page, 15, copy), FELT))
    moved = timed(lambda k: editor.move([f"b{k + 20}_1"], into(k)), page, 15)
    kept.append(told("edit: a layer moved to a link", moved, FELT))
    kept.append(told("edit: a link drawn", timed(lambda k: _skip(session, k), page, 15), FELT))
    choose("b3_1")
    kept.append(told("edit: a nudge", timed(lambda _: editor.arrange.nudge("right"), page, 15), FELT))
    choose("b5_0", 100)
    kept.append(told("edit: group 100 and fold", timed(fold, page, 10), FELT))
    kept.append(told("select a node", timed(lambda k: canvas.select([f"b{40 + k}_0"]), page, 15), FELT))
    return kept


def _skip(session: Session, block: int) -> None:
    session.edit_graph("Link", lambda old: edits.connect(old, f"b{block + 40}_1", f"b{block + 40}_4"))


if __name__ == "__main__":
    sys.exit(main())
