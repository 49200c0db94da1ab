"""The head of the Evaluate page: which run, which part of the data, the number that matters, and the other figures."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from ui.pages.evaluate_results import Result
from ui.pages.evaluate_words import figure, main_metric, metric_title
from ui.theme import S2, S3, S4, S5
from ui.widgets import BigNumber, Caption, Text
from workbench.project.model import RunRecord

MOST_FIGURES = 4


class _Small(QWidget):
    """A figure of second rank: its value over its name."""

    def __init__(self, value: float, name: str) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        number = Text(figure(value), "heading", wrap=False)
        number.setToolTip(repr(value))
        caption = Caption(metric_title(name))
        caption.setWordWrap(False)
        box.addStretch(1)
        box.addWidget(number)
        box.addWidget(caption)
        self.setAccessibleName(f"{metric_title(name)} {figure(value)}")


class EvaluateHead(QWidget):
    """`wanted` tells that another run or part was chosen."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = QComboBox()
        self.run.setObjectName("run_chooser")
        self.run.setAccessibleName(self.tr("Run"))
        self.run.setMinimumWidth(150)
        self.split = QComboBox()
        self.split.setObjectName("split_chooser")
        self.split.setAccessibleName(self.tr("Part of the data"))
        self.split.addItem(self.tr("Test part"), "test")
        self.split.addItem(self.tr("Validation part"), "validation")
        self.split.addItem(self.tr("Training part"), "train")
        self.split.setToolTip(self.tr("Only the test part was never seen while the model was made"))
        for chooser in (self.run, self.split):
            chooser.activated.connect(self.wanted)
        self.number = BigNumber()
        self.number.setObjectName("main_metric")
        self.others = QHBoxLayout()
        self.others.setSpacing(S5)
        line = QHBoxLayout(self)
        line.setContentsMargins(S4, S3, S4, S3)
        line.setSpacing(S5)
        line.addWidget(self.number)
        line.addLayout(self.others)
        line.addStretch(1)
        choosers = QHBoxLayout()
        choosers.setSpacing(S2)
        choosers.addWidget(self.run)
        choosers.addWidget(self.split)
        line.addLayout(choosers)

    def show_runs(self, records: list[RunRecord]) -> None:
        """Offer these runs, newest first; the chosen one is kept where it is still there."""
        chosen = self.run.currentData()
        with QSignalBlocker(self.run):
            self.run.clear()
            for record in reversed(records):
                self.run.addItem(self._run_words(record), record.run)
            place = self.run.findData(chosen)
            self.run.setCurrentIndex(max(place, 0))

    def _run_words(self, record: RunRecord) -> str:
        words = {"stopped": self.tr("stopped"), "running": self.tr("running"), "failed": self.tr("failed")}
        state = words.get(record.outcome, "")
        return f"{record.run} · {state}" if state else record.run

    def choose_run(self, run: str) -> None:
        """Choose a run without telling."""
        place = self.run.findData(run)
        if place >= 0:
            self.run.setCurrentIndex(place)

    def show_result(self, result: Result | None) -> None:
        """Show the figures of an evaluation, or none."""
        while (item := self.others.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.number.setVisible(result is not None)
        if result is None:
            return
        metrics = dict(result.evaluation.metrics)
        name = main_metric(metrics)
        if name is None:
            return
        value = metrics.pop(name)
        parts = {
            "test": self.tr("{name} on {count} test samples"),
            "validation": self.tr("{name} on {count} validation samples"),
            "train": self.tr("{name} on {count} training samples"),
        }
        words = parts[result.evaluation.split].format(name=metric_title(name), count=f"{result.evaluation.samples:,}")
        shown = f"{value:.1%}" if name == "accuracy" else figure(value)
        self.number.set(shown, words, repr(value))
        for other, number in list(metrics.items())[:MOST_FIGURES]:
            self.others.addWidget(_Small(number, other))
