"""The code that uses the export, to read and to copy: plain Python, or one command."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QTabBar, QWidget

from ui.pages.deploy_facts import ExportFacts
from ui.pages.deploy_snippet import Sample, command_line, python_code
from ui.theme import CAPTION, S4
from ui.widgets import Card, Heading, QuietButton, row

MOST_LINES = 24


class CodeCard(Card):
    """Two snippets behind tabs, with a button that copies the one in front."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code_card")
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.addTab(self.tr("Python"))
        self.tabs.addTab(self.tr("Command line"))
        self.tabs.setAccessibleName(self.tr("Language of the code"))
        self.tabs.currentChanged.connect(self._show)
        self.copy_button = QuietButton(self.tr("Copy"), "copy")
        self.copy_button.setObjectName("copy_code_button")
        self.copy_button.clicked.connect(self._copy)
        self.text = QPlainTextEdit()
        self.text.setObjectName("code")
        self.text.setAccessibleName(self.tr("Code that uses the export"))
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(CAPTION)
        self.text.setFont(font)
        self._snippets = ["", ""]
        self.body.addLayout(row(Heading(self.tr("Use it")), self.tabs, None, self.copy_button))
        self.body.addWidget(self.text)
        self.hide()

    def show_export(self, facts: ExportFacts, sample: Sample) -> None:
        """Show how an export is used."""
        self._snippets = [python_code(facts, sample), command_line(facts, sample)]
        self._show()
        self.show()

    def _show(self) -> None:
        text = self._snippets[self.tabs.currentIndex()]
        self.text.setPlainText(text.rstrip("\n"))
        lines = min(MOST_LINES, max(3, max(len(snippet.splitlines()) for snippet in self._snippets)))
        self.text.setFixedHeight(lines * self.text.fontMetrics().lineSpacing() + 2 * S4)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._snippets[self.tabs.currentIndex()])
