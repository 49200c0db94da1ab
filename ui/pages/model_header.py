"""Over the canvas: how large the model is, whether it is ready to train, and what stands in the way."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.canvas.facts import ModelFacts
from ui.canvas.words import bytes_words, count_words, counted, short_count
from ui.pages.model_problems import ProblemList, kind_of
from ui.session import Session
from ui.theme import CONTROL_HEIGHT, S2, S3, S4, theme
from ui.widgets import Badge, Caption, ElidedLabel, Line, LinkButton, QuietButton, Text
from workbench.graph.problems import Problem

ROOMY, NARROW = 700, 560
LONGEST_FIX = 16
"""Letters of the fix where the header is narrow."""


class ModelHeader(QWidget):
    """Totals at the left; the state and its one-click fix at the right; all problems in a list that folds out."""

    node_wanted = Signal(str)
    repair_wanted = Signal(object)  # Repair

    def __init__(self, session: Session, facts: ModelFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.facts = facts
        self.total = Text("", "strong", wrap=False)
        self.total.setObjectName("total_params")
        self._unit = Caption(self.tr("parameters"))
        self._unit.setWordWrap(False)
        self.memory = Caption("")
        self.memory.setWordWrap(False)
        self.memory.setObjectName("model_memory")
        self.state = Badge("")
        self.state.setObjectName("model_state")
        self.sentence = ElidedLabel("", "muted")
        self.sentence.setObjectName("model_sentence")
        self._offered = ""
        self.fix = QuietButton("")
        self.fix.setObjectName("fix_button")
        self.fix.clicked.connect(self._fix)
        self.problems = ProblemList(self._words)
        self.problems.node_wanted.connect(self.node_wanted)
        self.problems.repair_wanted.connect(self.repair_wanted)
        self.list = self.problems.rows
        self.more = LinkButton("")
        self.more.setObjectName("problems_button")
        self.more.setToolTip(self.tr("Show the problems"))
        self.more.setCheckable(True)
        self.more.toggled.connect(self.problems.set_open)

        line = QHBoxLayout()
        line.setContentsMargins(S4, S2, S4, S2)
        line.setSpacing(S2)
        line.addStrut(CONTROL_HEIGHT)
        line.addWidget(self.total)
        line.addWidget(self._unit)
        line.addWidget(self.memory)
        line.addSpacing(S3)
        line.addWidget(self.state)
        line.addWidget(self.sentence, 100)
        line.addStretch(1)
        line.addWidget(self.fix)
        line.addWidget(self.more)
        self._line = line
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.problems)
        column.addWidget(Line())
        facts.changed.connect(self.refresh)
        theme().changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the facts of this moment."""
        total = self.facts.total_params
        self.total.setText(short_count(total) if total is not None else "–")
        self.total.setToolTip(count_words(total) if total is not None else self.tr("Not known yet"))
        self._show_memory()
        self._show_state()
        self._show_list()

    def _show_memory(self) -> None:
        """The activations of a training step, and the largest batch that fits; the operations on hover."""
        report = self.session.report
        known = report is not None and report.activation_bytes > 0
        # What stands in the way needs the room.
        self.memory.setVisible(known and self.first is None and self.width() >= ROOMY)
        if report is None or not known:
            return
        held = self.tr("· %1 at batch %2").replace("%1", bytes_words(report.activation_bytes))
        self.memory.setText(held.replace("%2", count_words(report.batch_size)))
        lines = [
            self.tr("%1 kept during a training step at batch size %2")
            .replace("%1", bytes_words(report.activation_bytes))
            .replace("%2", count_words(report.batch_size)),
            self.tr("%1 operations for one sample, estimated").replace("%1", short_count(report.total_flops)),
        ]
        if report.largest_batch is not None:
            fits = self.tr("Batches up to %1 fit the memory of this device")
            if report.largest_batch < report.batch_size:
                fits = self.tr("Only batches up to %1 fit the memory of this device")
                self.memory.setText(f"{self.memory.text()} · {self.tr('too large')}")
            else:
                largest = self.tr("up to %1 fit").replace("%1", count_words(report.largest_batch))
                self.memory.setText(f"{self.memory.text()}, {largest}")
            lines.append(fits.replace("%1", count_words(report.largest_batch)))
        self.memory.setToolTip("\n".join(lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_memory()
        self._fit()

    def _show_state(self) -> None:
        first, self._offered = self.first, ""
        if self.session.project.info is None:
            self.state.set(self.tr("no data"), "neutral")
            self.sentence.set_text(self.tr("Shapes follow from the data."))
            self._offered = self.tr("Pick data")
        elif first is not None:
            self.state.set(self.tr("not ready") if first.severity == "error" else self.tr("look"), kind_of(first))
            self.sentence.set_text(self._words(first))
            if first.repair is not None:
                self._offered = first.repair.label
        elif self.session.engine_state == "failed":
            self.state.set(self.tr("not checked"), "danger")
            error = self.session.engine_error
            self.sentence.set_text(error.rule if error is not None else "")
        elif not self.facts.fresh:
            waiting = self.session.engine_state != "ready"
            self.state.set(self.tr("checking"), "neutral")
            self.sentence.set_text(self.tr("Shapes come when TensorFlow is loaded.") if waiting else "")
        else:
            self.state.set(self.tr("ready to train"), "good")
            self.sentence.set_text("")
        self._fit()

    def add_button(self, button: QWidget) -> None:
        """Put a button at the right end."""
        self._line.addWidget(button)

    def tell(self, words: str) -> None:
        """Say something in the place of the state's sentence; nothing gives that one back."""
        if words:
            self.sentence.set_text(words)
            self.sentence.show()
        else:
            self._show_state()

    @property
    def first(self) -> Problem | None:
        """The problem that is shown: the first error, else the first warning."""
        return min(self.facts.problems, key=lambda problem: problem.severity != "error", default=None)

    def _words(self, problem: Problem) -> str:
        node = self.session.project.graph.by_id.get(problem.node or "")
        return f"{node.name}: {problem.message}" if node is not None else problem.message

    def _fit(self) -> None:
        """Where there is room for little, what stands in the way goes first."""
        label, narrow = self._offered, self.width() < NARROW and bool(self._offered)
        for part in (self.total, self._unit, self.sentence):
            part.setVisible(not narrow)
        self.state.setToolTip(self.sentence.full_text() if narrow else "")
        self.fix.setText(f"{label[: LONGEST_FIX - 1]}…" if narrow and len(label) > LONGEST_FIX else label)
        self.fix.setAccessibleName(label)
        self.fix.setToolTip(label if self.fix.text() != label else "")
        self.fix.setVisible(bool(label))

    def _fix(self) -> None:
        if self.session.project.info is None:
            self.session.page_wanted.emit("data")
        elif self.first is not None and self.first.repair is not None:
            self.repair_wanted.emit(self.first.repair)

    def _show_list(self) -> None:
        problems = self.facts.problems
        errors, warnings = len(self.facts.errors), len(problems) - len(self.facts.errors)
        counts = [counted(errors, self.tr("1 error"), self.tr("%1 errors"))] if errors else []
        counts += [counted(warnings, self.tr("1 warning"), self.tr("%1 warnings"))] if warnings else []
        self.more.setText(" · ".join(counts))
        self.more.setVisible(bool(problems))
        loaded = self.session.engine_state == "ready"
        self.problems.show_problems(
            self._sorted(problems), None if loaded else self.tr("Each fix is checked by Keras: wait for TensorFlow.")
        )
        if not problems:
            self.more.setChecked(False)

    def _sorted(self, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        """Errors first, each kind from the input on."""
        order = {node: place for place, node in enumerate(self.session.project.graph.order)}

        def place(problem: Problem) -> tuple[bool, int]:
            return problem.severity != "error", order.get(problem.node or "", -1)

        return tuple(sorted(problems, key=place))
