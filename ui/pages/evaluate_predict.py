"""Try your own: a picture, a file of rows or arrays, or a row edited by hand, and what the model makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from ui.moments import later
from ui.pages.data_table import RowsView
from ui.pages.data_thumbnails import picture
from ui.pages.evaluate_answer import Answer
from ui.pages.evaluate_drop import DropArea
from ui.pages.evaluate_row import RowForm
from ui.pages.evaluate_words import Answers, error_words
from ui.theme import S2, S3, S4
from ui.widgets import Caption, Heading, LinkButton, Scroll, SectionHeader
from workbench.core.errors import WorkbenchError
from workbench.data.spec import TablePreparation

if TYPE_CHECKING:
    from ui.pages.evaluate_results import Result
    from ui.session import Session
    from workbench.engine.predict import Prediction, RunPredictor

EDIT_DELAY_MS = 250
MOST_ROWS = 8


class PredictPanel(QFrame):
    """The right panel of the Evaluate page; asks a run's best model off the GUI thread, late answers are dropped."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self._session = session
        self._result: Result | None = None
        self._predictor: RunPredictor | None = None
        self._question = 0
        self._place = 0
        self._folder = str(Path.home())
        self.drop = DropArea()
        self.drop.dropped.connect(self.ask_file)
        self.drop.button.clicked.connect(self.choose_file)
        self.answer = Answer()
        self.many = RowsView()
        self.many.setObjectName("answers_view")
        self._edited = later(self._ask_form, EDIT_DELAY_MS, self)
        self.form = RowForm()
        self.form.changed.connect(self._edited.start)
        self.other = LinkButton(self.tr("Another row"), "shuffle")
        self.other.setObjectName("another_row")
        self.other.clicked.connect(self._another)
        self.form_head = SectionHeader(self.tr("Change the row"), self.other)
        scroll = Scroll(self, margin=S4, spacing=S3)
        scroll.body.addWidget(Heading(self.tr("Try your own")))
        for widget in (self.drop, self.answer, self.many, self.form_head, self.form):
            scroll.body.addWidget(widget)
        self.hint = Caption(self.tr("Or click a sample in the middle to see it here."))
        scroll.body.addWidget(self.hint)
        scroll.body.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(S2)
        box.addWidget(scroll)

    def show_result(self, result: Result | None) -> None:
        """Ask the model of this evaluation from now on."""
        before, self._result = self._result, result
        self.setEnabled(result is not None)
        if result is not None and before is not None and result.evaluation.run == before.evaluation.run:
            if result.place != before.place:
                self._turn_to(result)
            return
        self._question += 1
        self._predictor = None
        self.answer.clear()
        self.many.hide()
        table = result is not None and isinstance(result.dataset.preparation.input, TablePreparation)
        for widget in (self.form_head, self.form):
            widget.setVisible(table)
        self.hint.show()
        if result is None:
            return
        self.drop.set_kind(result.dataset.info.kind)
        prep = result.dataset.preparation.input
        if isinstance(prep, TablePreparation):
            self.form.show_columns(prep)
            self.show_position(0)

    def _turn_to(self, result: Result) -> None:
        """Show the answers to another target from now on."""
        self._question += 1
        self.answer.clear()
        self.many.hide()
        if isinstance(result.dataset.preparation.input, TablePreparation):
            self.show_position(self._place)

    # A sample of the evaluation

    def show_position(self, position: int) -> None:
        """Show a sample of the evaluation and what was predicted for it; a row fills the form."""
        result = self._result
        if result is None or not len(result.evaluation.index):
            return
        self._question += 1
        question, self._place = self._question, position
        index = int(result.evaluation.index[position])

        def answered(raw: Any) -> None:
            if question == self._question:
                self._show_known(result, position, raw)

        self._session.run_task(
            self.tr("Opening a sample"), lambda token, progress: result.dataset.raw(index), answered, visible=False
        )

    def _show_known(self, result: Result, position: int, raw: Any) -> None:
        self.hint.hide()
        self.many.hide()
        index = int(result.evaluation.index[position])
        self.answer.show_sample(result.dataset.sample_name(index), raw)
        if isinstance(raw, dict):
            self.form.fill(raw)
        if result.evaluation.classes:
            answers = Answers(result.evaluation)
            truth, predicted, _ = answers.named(position)
            self.answer.show_class(predicted, answers.probabilities(position), truth)
        else:
            value = float(np.asarray(result.evaluation.predictions).reshape(-1)[position])
            truth_value = float(np.asarray(result.evaluation.truths).reshape(-1)[position])
            self.answer.show_value(value, result.evaluation.target, truth_value)

    def _another(self) -> None:
        if self._result is not None and len(self._result.evaluation.index):
            self.show_position((self._place + 1) % len(self._result.evaluation.index))

    # A sample of the user's

    def choose_file(self) -> None:
        """Let the user choose a file."""
        file, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file to predict"), self._folder, self.drop.kinds)
        if file:
            self._folder = str(Path(file).parent)
            self.ask_file(file)

    def ask_file(self, file: str) -> None:
        """Predict what is in a file."""
        path = Path(file)
        self._ask(path.name, path)

    def _ask_form(self) -> None:
        row = self.form.row()
        if row is not None:
            self._ask(self.tr("Your row"), row)

    def _ask(self, name: str, sample: Any) -> None:
        result, folder = self._result, self._session.folder
        if result is None or folder is None:
            return
        self._question += 1
        question, known, run = self._question, self._predictor, result.evaluation.run

        def work(token: Any, progress: Any) -> tuple[RunPredictor, list[Prediction], Any]:
            from workbench.data.encode import decode_file
            from workbench.engine.predict import RunPredictor

            predictor = known or RunPredictor(folder, run)
            answers = predictor.predict([sample])
            is_picture = isinstance(sample, Path) and result.dataset.info.kind == "image"
            return predictor, answers, picture(decode_file(sample), 512) if is_picture else None

        def answered(value: tuple[RunPredictor, list[Prediction], Any]) -> None:
            if question == self._question:
                self._predictor = value[0]
                self._show_answers(name, [_of(one, result) for one in value[1]], value[2])

        def failed(error: WorkbenchError) -> None:
            if question == self._question:
                self.hint.hide()
                self.many.hide()
                self.answer.show_sample(name)
                self.answer.show_problem(error_words(error))

        self._session.run_task(self.tr("Predicting"), work, answered, failed, visible=False)

    def _show_answers(self, name: str, answers: list[Prediction], image: Any) -> None:
        self.hint.hide()
        if not answers:
            self.answer.show_sample(name)
            self.answer.show_problem(self.tr("There is nothing to predict in this file."))
            self.many.hide()
            return
        first = answers[0]
        title = (
            name
            if len(answers) == 1
            else self.tr("{name}, the first of {count}").format(name=name, count=f"{len(answers):,}")
        )
        self.answer.show_sample(title, image=image)
        if first.label is not None and first.probabilities is not None:
            self.answer.show_class(first.label, first.probabilities)
        elif first.value is not None and self._result is not None:
            self.answer.show_value(first.value, self._result.evaluation.target)
        self.many.setVisible(len(answers) > 1)
        if len(answers) > 1:
            self._show_many(answers)

    def _show_many(self, answers: list[Prediction]) -> None:
        columns: dict[str, list[Any]] = {self.tr("Input"): [answer.input for answer in answers]}
        if answers[0].label is not None:
            columns[self.tr("Predicted")] = [answer.label for answer in answers]
            columns[self.tr("Confidence")] = [round(answer.confidence or 0.0, 4) for answer in answers]
        else:
            columns[self.tr("Predicted")] = [answer.value for answer in answers]
        self.many.show_frame(pl.DataFrame(columns), ())
        self.many.setFixedHeight(44 + 28 * min(MOST_ROWS, len(answers)) + 4)


def _of(answer: Prediction, result: Result) -> Prediction:
    """The answer to the target that is on show."""
    return (answer.further or {})[result.evaluation.target] if result.place else answer
