"""The head of the Evaluate page: which run, which part of the data, the number that matters, and the other figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.pages.data_paint import font, percent
from ui.pages.evaluate_results import Result
from ui.pages.evaluate_words import figure, main_metric, metric_title
from ui.theme import CAPTION, S2, S3, S4, S5
from ui.widgets import BigNumber, Caption, Text
from workbench.project.model import RunRecord

if TYPE_CHECKING:
    from workbench.engine.evaluation import Evaluation


class _Small(QWidget):
    """A figure of second rank: its value over its name."""

    def __init__(self, value: float, name: str, told: str, parent: QWidget) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        number = Text(figure(value), "heading", wrap=False)
        number.setToolTip(told)
        caption = Caption(metric_title(name))
        caption.setWordWrap(False)
        box.addStretch(1)
        box.addWidget(number)
        box.addWidget(caption)
        self.setAccessibleName(f"{metric_title(name)} {figure(value)}")


class _Figures(QWidget):
    """As many small figures as there is room for, so that they never widen the page."""

    def __init__(self) -> None:
        super().__init__()
        self._items: list[_Small] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_figures(self, metrics: dict[str, float], told: Callable[[str], str] = lambda name: "") -> None:
        """Show these in place of the last ones; `told` says more of each, by its name, on hover."""
        for item in self._items:
            item.hide()
            item.deleteLater()
        self._items = [_Small(value, name, told(name), self) for name, value in metrics.items()]
        self._place()

    def _place(self) -> None:
        left = 0
        for item in self._items:
            width = item.sizeHint().width()
            item.setGeometry(left, 0, width, self.height())
            item.setVisible(left + width <= self.width())
            left += width + S5

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()


class EvaluateHead(QWidget):
    """`wanted` tells that another run or part was chosen, `target_chosen` that another target's figures were."""

    wanted = Signal()
    target_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = QComboBox()
        self.run.setObjectName("run_chooser")
        self.run.setAccessibleName(self.tr("Run"))
        self.run.setMinimumWidth(120)
        self.split = QComboBox()
        self.split.setObjectName("split_chooser")
        self.split.setAccessibleName(self.tr("Part of the data"))
        self.split.addItem(self.tr("Test part"), "test")
        self.split.addItem(self.tr("Validation part"), "validation")
        self.split.addItem(self.tr("Training part"), "train")
        self.split.setToolTip(self.tr("Only the test part was never seen while the model was made"))
        for chooser in (self.run, self.split):
            chooser.activated.connect(self.wanted)
        self.target = QComboBox()
        self.target.setObjectName("figures_target")
        self.target.setAccessibleName(self.tr("Target"))
        self.target.setToolTip(self.tr("What the figures and samples below are about: each output's own target"))
        self.target.hide()
        self.target.activated.connect(self.target_chosen)
        self.number = BigNumber()
        self.number.setObjectName("main_metric")
        self.others = _Figures()
        line = QHBoxLayout(self)
        line.setContentsMargins(S4, S3, S4, S3)
        line.setSpacing(S5)
        line.addWidget(self.number)
        line.addWidget(self.others, 1)
        choosers = QHBoxLayout()
        choosers.setSpacing(S2)
        choosers.addWidget(self.target)
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

    def show_targets(self, names: list[str]) -> int:
        """Offer these targets, the main one first; nothing to choose from one. Returns the place of the chosen one."""
        known = [self.target.itemText(place) for place in range(self.target.count())]
        if names != known:
            with QSignalBlocker(self.target):
                self.target.clear()
                self.target.addItems(names)
        self.target.setVisible(len(names) > 1)
        return max(self.target.currentIndex(), 0)

    def show_result(self, result: Result | None) -> None:
        """Show the figures of an evaluation, or none."""
        self.number.setVisible(result is not None)
        if result is None:
            self.others.show_figures({})
            return
        evaluation = result.evaluation
        metrics = dict(evaluation.metrics)
        name = main_metric(metrics)
        if name is None:
            return
        value = metrics.pop(name)
        parts = {
            "test": self.tr("{name} on {count} test samples"),
            "validation": self.tr("{name} on {count} validation samples"),
            "train": self.tr("{name} on {count} training samples"),
        }
        words = parts[evaluation.split].format(name=metric_title(name), count=f"{evaluation.samples:,}")
        if evaluation.weighted_by:
            words = self.tr("{words}, weighted by {column}").format(words=words, column=evaluation.weighted_by)
        shown = percent(value) if name == "accuracy" else figure(value)
        self.number.set(shown, words, self._exact(evaluation, name))
        self.number.setMinimumWidth(QFontMetrics(font(CAPTION)).horizontalAdvance(words) + S2)
        self.others.show_figures(metrics, lambda name: self._exact(evaluation, name))

    def _exact(self, evaluation: Evaluation, name: str) -> str:
        """A figure with all its digits, and what it would be if all samples counted alike."""
        exact = repr(evaluation.metrics[name])
        if not evaluation.weighted_by:
            return exact
        alike = evaluation.unweighted.get(name)
        told = self.tr("{exact}. Were all samples to count alike: {alike}")
        return told.format(exact=exact, alike="–" if alike is None else repr(alike))
