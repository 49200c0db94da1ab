"""A small pop-up that asks for a few numbers and says what is wrong with one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from ui.theme import S2, S3, S4
from ui.widgets.basics import set_state
from ui.widgets.buttons import PrimaryButton
from ui.widgets.fields import Field
from ui.widgets.frames import row
from ui.widgets.text import Caption, Text

WIDTH = 280
EDITOR_WIDTH = 140


@dataclasses.dataclass(frozen=True)
class Asked:
    """One number that is asked for.

    Args:
        key: What the answer calls it.
        title: The field's name.
        value: What stands in it at first.
        least: The smallest number that is taken.
        most: The largest.
        whole: Whether it counts something.
    """

    key: str
    title: str
    value: float
    least: float
    most: float
    whole: bool = False

    def words(self) -> str:
        """The value as it stands in the field at first."""
        return f"{self.value:.0f}" if self.whole else f"{self.value:g}"


class NumberPopup(QFrame):
    """Asks, and gives the answers that differ from what stood there.

    Args:
        title: What it is called.
        asked: The numbers.
        button: What the button says.
        apply: Takes the answers, by key.
        note: One sentence below.
        parent: Where it belongs.
    """

    def __init__(
        self,
        title: str,
        asked: Sequence[Asked],
        button: str,
        apply: Callable[[Mapping[str, float]], object],
        note: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("palette")
        self.setAccessibleName(title)
        self.setFixedWidth(WIDTH)
        self.asked = {one.key: one for one in asked}
        self.fields: dict[str, QLineEdit] = {}
        self._apply_to = apply
        self.problem = Text("", "danger")
        self.problem.hide()
        self.button = PrimaryButton(button)
        self.button.clicked.connect(self.apply)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S4, S3, S4, S3)
        layout.setSpacing(S2)
        for one in asked:
            editor = self.fields[one.key] = QLineEdit(one.words())
            editor.setFixedWidth(EDITOR_WIDTH)
            editor.returnPressed.connect(self.apply)
            layout.addWidget(Field(one.title, editor, beside=True))
        layout.addWidget(Caption(note))
        layout.addWidget(self.problem)
        layout.addLayout(row(None, self.button))

    def open_at(self, place: QPoint) -> None:
        """Show it at a place of the screen, the keyboard in its first field."""
        self.adjustSize()
        self.move(place)
        self.show()
        first = next(iter(self.fields.values()))
        first.setFocus()
        first.selectAll()

    def apply(self) -> None:
        """Give the answers, or say what is wrong with one."""
        answers: dict[str, float] = {}
        for key, one in self.asked.items():
            text = self.fields[key].text().strip().replace(",", ".")
            set_state(self.fields[key], "invalid", False)
            try:
                value = float(text)
            except ValueError:
                value = float("nan")
            if not one.least <= value <= one.most or (one.whole and value != int(value)):
                self._refuse(key, one)
                return
            if text != one.words():
                answers[key] = value
        self.close()
        if answers:
            self._apply_to(answers)

    def _refuse(self, key: str, one: Asked) -> None:
        set_state(self.fields[key], "invalid", True)
        kind = self.tr("whole number") if one.whole else self.tr("number")
        words = self.tr("{title} takes a {kind} from {least:g} to {most:g}.")
        self.problem.setText(words.format(title=one.title, kind=kind, least=one.least, most=one.most))
        self.problem.show()
        self.adjustSize()
