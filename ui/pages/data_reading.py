"""How a text file is read: header, delimiter and character set, each found from the file unless chosen here."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from ui.pages.data_choices import Choices, narrow
from ui.theme import S2
from workbench.data.spec import DatasetInfo, DatasetSpec

ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16", "cp1250", "cp1251", "gb18030", "shift_jis", "euc_kr")


class ReadingChoices(Choices):
    """The three things that a CSV does not say of itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header, self.delimiter, self.encoding = QComboBox(), QComboBox(), QComboBox()
        found = self.tr("Found from the file")
        for box in (self.header, self.delimiter, self.encoding):
            narrow(box)
            box.addItem(found, None)
        self.header.setObjectName("header_chooser")
        self.header.addItem(self.tr("First row names the columns"), True)
        self.header.addItem(self.tr("No header"), False)
        self.delimiter.setObjectName("delimiter_chooser")
        for title, sign in (
            (self.tr("Comma"), ","),
            (self.tr("Semicolon"), ";"),
            (self.tr("Tab"), "\t"),
            (self.tr("Space"), " "),
            (self.tr("Vertical bar"), "|"),
        ):
            self.delimiter.addItem(title, sign)
        self.encoding.setObjectName("encoding_chooser")
        for name in ENCODINGS:
            self.encoding.addItem(name, name)
        self.header.activated.connect(
            lambda: self.ask(self.tr("Choose the header"), header=self.header.currentData(), target=None)
        )
        self.delimiter.activated.connect(
            lambda: self.ask(self.tr("Choose the delimiter"), delimiter=self.delimiter.currentData(), target=None)
        )
        self.encoding.activated.connect(
            lambda: self.ask(self.tr("Choose the encoding"), encoding=self.encoding.currentData())
        )
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(S2)
        form.addRow(self.tr("Header"), self.header)
        form.addRow(self.tr("Delimiter"), self.delimiter)
        form.addRow(self.tr("Encoding"), self.encoding)

    def show_choices(self, info: DatasetInfo, spec: DatasetSpec) -> None:
        """Show the present choices."""
        self.spec = spec
        for box, value in (
            (self.header, spec.header),
            (self.delimiter, spec.delimiter),
            (self.encoding, spec.encoding),
        ):
            if box.findData(value) < 0:
                box.addItem(str(value), value)
            box.setCurrentIndex(box.findData(value))
