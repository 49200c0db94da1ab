"""The drawing as Keras code, under the canvas: to read, copy, save and edit. Code is parsed, never executed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import QColor, QFontDatabase, QGuiApplication, QSyntaxHighlighter, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QTextEdit, QToolButton, QWidget

from ui.moments import later
from ui.session import Session
from ui.theme import CAPTION, S1, S2, S3, theme, tokens
from ui.widgets import ElidedLabel, IconButton, Line, QuietButton, column, row
from workbench.codegen.model import model_script
from workbench.codegen.parse import parse_script
from workbench.codegen.project import project_script
from workbench.core.errors import WorkbenchError
from workbench.core.files import write_text
from workbench.graph.following import followed
from workbench.graph.model import Graph
from workbench.graph.problems import Problem

HEIGHT = 300
DELAY_MS = 500
_WORDS = r"\b(import|from|as|def|return|for|in|if|else|None|True|False|with|class|not|and|or)\b"


class _Colours(QSyntaxHighlighter):
    """Keywords, strings and comments, in the look's own colours."""

    def highlightBlock(self, text: str) -> None:
        colours = tokens()
        for pattern, colour in (
            (_WORDS, colours.category("recurrent")),
            (r"\b\d[\d_.e-]*\b", colours.category("pooling")),
            (r"\"[^\"]*\"|'[^']*'", colours.good),
            (r"#.*$", colours.faint),
        ):
            form = QTextCharFormat()
            form.setForeground(QColor(colour))
            found = QRegularExpression(pattern).globalMatch(text)
            while found.hasNext():
                match = found.next()
                self.setFormat(match.capturedStart(), match.capturedLength(), form)


class CodePanel(QWidget):
    """Follows the canvas while it is shown, and the canvas follows it: an edit that can be drawn is one undo step."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._written = ""
        self.setObjectName("code_panel")
        self.setAccessibleName(self.tr("The model as code"))
        self.set_room(HEIGHT)
        self.whole = QToolButton(self)
        self.whole.setText(self.tr("Whole project"))
        self.whole.setToolTip(self.tr("With data, preparation, training, evaluation and export"))
        self.whole.setCheckable(True)
        self.whole.setObjectName("whole_project")
        self.whole.toggled.connect(self.refresh)
        self.state = ElidedLabel("", "caption")
        self.state.setObjectName("code_state")
        self.again = QuietButton(self.tr("Back to the canvas's code"), parent=self)
        self.again.clicked.connect(self.refresh)
        self.again.hide()
        copy = QuietButton(self.tr("Copy"), "copy", self)
        copy.setObjectName("copy_model_code")
        copy.clicked.connect(self.copy)
        save = QuietButton(self.tr("Save…"), "save", self)
        save.setObjectName("save_model_code")
        save.clicked.connect(self.save)
        self.close_button = IconButton("x", self.tr("Close"), self, 16)
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("model_code")
        self.text.setAccessibleName(self.tr("Keras code"))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(CAPTION)
        self.text.setFont(font)
        self._colours = _Colours(self.text.document())
        head = row(self.whole, self.state, self.again, copy, save, self.close_button, spacing=S2)
        head.setStretch(1, 1)
        head.setContentsMargins(S3, S1, S3, S1)
        layout = column(Line(), head, self.text, spacing=0)
        self.setLayout(layout)
        self._timer = later(self._read, DELAY_MS, self)
        self.text.textChanged.connect(self._typed)
        session.changed.connect(self._follow)
        session.opened.connect(self.refresh)
        theme().changed.connect(self._colours.rehighlight)
        self.hide()

    def set_room(self, height: int) -> None:
        """Take the usual height, or less where there is less."""
        self.setFixedHeight(min(HEIGHT, height))

    def turn(self, on: bool) -> None:
        """Show the code, or put it away."""
        self.setVisible(on)
        if on:
            self.refresh()

    def script(self, whole: bool = False) -> str:
        """The code for the drawing as it is.

        Raises:
            WorkbenchError: The drawing cannot be written as code.
        """
        project = self._session.project
        if project.info is None:
            raise WorkbenchError("Code needs the data's shape.", "", "Pick data first.")
        return project_script(project) if whole else model_script(project.graph, project.info)

    def copy(self) -> None:
        """Put what is shown, or the model's code while nothing is, on the clipboard."""
        if self.isVisible():
            QGuiApplication.clipboard().setText(self.text.toPlainText())
            return
        try:
            QGuiApplication.clipboard().setText(self.script())
        except WorkbenchError as error:
            self._session.tell("warning", error)
        else:
            self._session.noticed.emit("info", self.tr("The model was copied as Keras code."), "")

    def save(self) -> None:
        """Write what is shown to a file that the user names."""
        name = self._session.project.name.replace("-", "_")
        chosen, _ = QFileDialog.getSaveFileName(
            self.window(), self.tr("Save the code"), str(Path.home() / f"{name}.py"), self.tr("Python (*.py)")
        )
        if not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(f"{chosen}.py")
        try:
            write_text(path, self.text.toPlainText())
        except WorkbenchError as error:
            self._session.tell("error", error)
        else:
            self._session.noticed.emit("info", self.tr("The code was saved as %1.").replace("%1", path.name), "")

    # Following the canvas

    def refresh(self) -> None:
        """Show the canvas's code anew; what was typed and cannot be drawn is given up."""
        if not self.isVisible():
            return
        self._timer.stop()
        whole = self.whole.isChecked()
        try:
            self._written = self.script(whole)
            self._tell(self.tr("The whole project; to read and to run.") if whole else "")
        except WorkbenchError as error:
            self._written = ""
            self._tell(f"{error.rule} {error.hint}")
        self.text.setReadOnly(whole or not self._written)
        if self.text.toPlainText() != self._written:
            bar, place = self.text.verticalScrollBar(), self.text.verticalScrollBar().value()
            self.text.setPlainText(self._written)
            bar.setValue(place)
        self._timer.stop()
        self._mark(())

    def _follow(self) -> None:
        # What is being typed stands until it is read.
        if not (self._timer.isActive() or self.again.isVisible()) and not self._same():
            self.refresh()

    def _same(self) -> bool:
        """Whether what is shown describes the drawing, in whatever style it is typed."""
        if not self.isVisible() or self.whole.isChecked() or self.text.toPlainText() == self._written:
            return not self.isVisible()
        read, problems = parse_script(self.text.toPlainText())
        graph = self._session.project.graph
        return not problems and followed(graph, read) is graph

    def _tell(self, words: str, *, wrong: bool = False) -> None:
        self.state.set_text(words or self.tr("Edit the code, and the canvas follows. It is read, never run."))
        self.state.setProperty("role", "danger" if wrong else "caption")
        self.state.style().polish(self.state)
        self.again.setVisible(wrong)

    # Following the code

    def _typed(self) -> None:
        if self.text.toPlainText() != self._written and not self.text.isReadOnly():
            self._timer.start()

    def _read(self) -> None:
        read, problems = parse_script(self.text.toPlainText())
        errors = [problem for problem in problems if problem.severity == "error"]
        self._mark(problems)
        if errors or not read.nodes:
            words = errors[0].message if errors else self.tr("There is no model in this code.")
            self._tell(words, wrong=True)
            return
        self._tell(problems[0].message if problems else "")
        self._draw(read)

    def _draw(self, read: Graph) -> None:
        if self._session.edit_graph(self.tr("Edit the code"), lambda graph: followed(graph, read)):
            self._written = self.text.toPlainText()

    def _mark(self, problems: tuple[Problem, ...]) -> None:
        """Underlay the lines that cannot be drawn."""
        marks = []
        for problem in problems:
            line = getattr(problem, "line", 0)
            block = self.text.document().findBlockByNumber(line - 1)
            if line and block.isValid():
                mark = QTextEdit.ExtraSelection()
                grave = problem.severity == "error"
                mark.format.setBackground(QColor(tokens().danger_wash if grave else tokens().warning_wash))
                mark.format.setProperty(QTextCharFormat.Property.FullWidthSelection, True)
                mark.format.setToolTip(problem.message)
                mark.cursor = QTextCursor(block)
                marks.append(mark)
        self.text.setExtraSelections(marks)
