"""What is watched of a run: findings, samples with their predictions, layers, and the machine's load."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.pages.train.findings import FindingsPanel
from ui.pages.train.layers import LayersPanel
from ui.pages.train.load import LoadMeters
from ui.pages.train.samples import SamplesPanel
from ui.pages.train.tools import TrainTools
from ui.plots.curve import Line
from ui.session import Session
from ui.theme.colormap import signed, viridis
from workbench.core.events import BatchEnded, Event, Finding, Load, Predictions, Statistics


def predictions(epoch: int, *answers: str) -> Predictions:
    rows = [{"index": place, "truth": "a", "answer": answer, "confidence": 0.5} for place, answer in enumerate(answers)]
    return Predictions("run-001", epoch, "validation", tuple(rows))


def test_that_an_answer_that_changed_is_marked_and_the_right_ones_are_counted(
    bare_session: Session, qtbot: QtBot
) -> None:
    panel = SamplesPanel(bare_session)
    qtbot.addWidget(panel)
    assert "predictions after each epoch" in panel.words.text()
    panel.show_events([predictions(1, "a", "b", "a"), predictions(2, "a", "a", "b")])
    panel.show()
    assert [told.epoch for told in panel.grid.epochs] == [2, 1], "the newest first"
    assert [panel.grid.changed(line, 0) for line in range(3)] == [False, True, True]
    assert "2 of 3 are right" in panel.words.text()
    assert panel.grid.accessibleName().startswith("Epoch 2. a: a, a: a, a: b")
    assert not panel.grab().isNull()


def test_that_the_samples_shown_are_those_that_were_predicted(
    bare_session: Session, qtbot: QtBot, settle: Callable[[Session], None]
) -> None:
    bare_session.pick("digits")
    settle(bare_session)
    dataset = bare_session.dataset
    assert dataset is not None
    index = dataset.part("validation").index
    truths = [str(dataset.label(int(index[place]))) for place in (0, 5)]
    rows = [
        {"index": place, "truth": truth, "answer": truth, "confidence": 1.0}
        for place, truth in zip((0, 5), truths, strict=True)
    ]
    panel = SamplesPanel(bare_session)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_events([Predictions("run-001", 1, "validation", tuple(rows))])
    assert panel.grid.numbers == [int(index[0]), int(index[5])]
    assert panel.grid.pictures
    panel.grab()
    qtbot.waitUntil(lambda: panel.thumbnails.get(panel.grid.numbers[0]) is not None, timeout=5000)
    settle(bare_session)
    other = [{**row, "truth": "something else"} for row in rows]
    panel.show_events([Predictions("run-001", 1, "validation", tuple(other))])
    assert panel.grid.numbers == [], "pictures of other data would mislead"


def statistics() -> list[Event]:
    def rows(scale: float) -> tuple[dict[str, object], ...]:
        return (
            {"layer": "first", "of": "weights", "mean": -0.1, "std": scale, "dead": None},
            {"layer": "second", "of": "weights", "mean": 0.1, "std": 1.0, "dead": None},
            {"layer": "first", "of": "activations", "mean": 0.5, "std": 1.0, "dead": 0.25},
        )

    return [Statistics("run-001", 1, rows(1.0)), Statistics("run-001", 2, rows(0.001))]


def test_that_layers_are_a_heat_table_whose_rows_lead_to_the_model(bare_session: Session, qtbot: QtBot) -> None:
    panel = LayersPanel(bare_session)
    qtbot.addWidget(panel)
    panel.resize(600, 300)
    panel.show()
    panel.show_events(statistics())
    table = panel.table
    assert table.layers == ["first", "second"]
    assert table.color(0.001) == viridis(0.0)
    assert table.color(1.0) == viridis(1.0)
    panel.what.setCurrentIndex(panel.what.findData("mean"))
    panel.what.activated.emit(panel.what.currentIndex())
    assert table.color(0.0) == signed(0.5)
    assert table.color(-0.1) == signed(0.0)
    panel.what.setCurrentIndex(panel.what.findData("dead"))
    panel.what.activated.emit(panel.what.currentIndex())
    assert "not known" in panel.words.text()
    panel.of.setCurrentIndex(panel.of.findData("activations"))
    panel.of.activated.emit(panel.of.currentIndex())
    assert table.layers == ["first"]
    with qtbot.waitSignal(panel.layer_wanted) as wanted:
        qtbot.mouseClick(table, Qt.MouseButton.LeftButton, pos=QPoint(20, 40))
    assert wanted.args == ["first"]
    assert not panel.grab().isNull()


def test_that_layers_are_asked_for_in_the_plan_by_an_edit(bare_session: Session, qtbot: QtBot) -> None:
    bare_session.new_draft()
    panel = LayersPanel(bare_session)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.mouseClick(panel.ask, Qt.MouseButton.LeftButton)
    assert bare_session.project.training.watch.statistics
    assert not panel.ask.isVisible()
    assert panel.words.text().startswith("The next run will tell")
    bare_session.undo()
    assert panel.ask.isVisible()
    assert panel.words.text().startswith("How the layers'")


@pytest.mark.parametrize("gpu", [None, 0.5])
def test_that_meters_show_what_there_is(qtbot: QtBot, gpu: float | None) -> None:
    meters = LoadMeters()
    qtbot.addWidget(meters)
    assert not meters.isVisible()
    total = None if gpu is None else 8 * 1024**3
    meters.tell(Load("run-001", 0.37, 4 * 1024**3, 16 * 1024**3, gpu, total, total))
    assert meters.cpu.words == "37%"
    assert meters.memory.words == "4.0 GB"
    assert meters.memory.share == 0.25
    assert meters.gpu.isVisible() == (gpu is not None)
    assert not meters.grab().isNull()
    meters.fit(120)
    assert meters.cpu.isVisible()
    assert not meters.gpu.isVisible(), "no room for it"
    meters.fit(60)
    assert not meters.isVisible()
    meters.fit(400)
    assert meters.gpu.isVisible() == (gpu is not None)
    meters.clear()
    assert not meters.isVisible()


def test_that_a_finding_of_the_first_epoch_is_not_said_to_be_from_before_the_run(qtbot: QtBot) -> None:
    panel = FindingsPanel()
    qtbot.addWidget(panel)
    early = Finding("run-001", "inputs", "warning", "The inputs are large.")
    late = Finding("run-001", "divergence", "error", "The loss grew.")
    panel.show_events([early, BatchEnded("run-001", 1, 1, {"loss": 1.0}, 1.0), late])
    words = {card.finding.rule: [label.text() for label in card.findChildren(QLabel)] for card in panel.cards}
    assert "before the run" in words["inputs"]
    assert "in the first epoch" in words["divergence"]


def test_that_the_rows_over_the_plots_are_as_few_as_there_is_room_for(qtbot: QtBot) -> None:
    tools = TrainTools()
    qtbot.addWidget(tools)
    tools.offer(["loss", "accuracy", "learning_rate"], ["loss"])
    two = {(run, role): Line(role, f"run-00{run} {role}", run) for run in (0, 1) for role in ("training", "validation")}

    def heights(*widths: int) -> list[int]:
        seen = []
        for width in widths:
            tools.resize(width, 200)
            qtbot.wait(1)
            seen.append(tools.heightForWidth(width))
        return seen

    tools.show()
    tools.legend.show_lines({"training": Line("training", "training")})
    qtbot.wait(1)
    wide, narrow = heights(1000, 420)
    assert narrow <= wide + 8, "the legend leaves its room to what does not fit beside the figures"
    tools.legend.show_lines(two)  # type: ignore[arg-type]
    qtbot.wait(1)
    assert heights(1000, 420)[0] == wide
    assert tools.legend.width() > 400, "a long legend has a row of its own"
