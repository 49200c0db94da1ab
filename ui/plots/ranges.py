"""A small pop-up to type the ends of a plot's axes; an empty field follows the data."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from ui.plots.live_plot import LivePlot
from ui.plots.words import figure
from ui.theme import S2, S3, S4
from ui.widgets import Caption, PrimaryButton, QuietButton, Text, row, set_state

WIDTH = 96


class RangePopup(QFrame):
    """Four ends of two axes."""

    def __init__(self, plot: LivePlot, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("palette")
        self.setAccessibleName(self.tr("Ranges of the axes"))
        self.plot = plot
        self.fields: dict[str, QLineEdit] = {}
        grid = QGridLayout()
        grid.setSpacing(S2)
        shown = dict(zip("xy", plot.ranges(), strict=True))
        for line, (axis, name) in enumerate((("x", self.tr("Horizontal")), ("y", self.tr("Vertical")))):
            grid.addWidget(Text(name, wrap=False), line, 0)
            for place, (end, words) in enumerate((("from", self.tr("from")), ("to", self.tr("to")))):
                field = self.fields[f"{axis}_{end}"] = QLineEdit()
                field.setFixedWidth(WIDTH)
                field.setPlaceholderText(figure(shown[axis][place]))
                field.setAccessibleName(f"{name} {words}")
                field.returnPressed.connect(self._apply)
                grid.addWidget(field, line, 1 + place)
        self.problem = Text("", "danger")
        self.problem.hide()
        apply, automatic = PrimaryButton(self.tr("Show")), QuietButton(self.tr("Automatic"))
        apply.clicked.connect(self._apply)
        automatic.clicked.connect(self._follow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S4, S3, S4, S3)
        layout.setSpacing(S2)
        layout.addLayout(grid)
        layout.addWidget(Caption(self.tr("An empty field follows the data.")))
        layout.addWidget(self.problem)
        layout.addLayout(row(None, automatic, apply))

    def open_at(self, place: QPoint) -> None:
        """Show it at a place of the screen, the keyboard in its first field."""
        self.adjustSize()
        self.move(place)
        self.show()
        self.fields["x_from"].setFocus()

    def _follow(self) -> None:
        self.plot.follow()
        self.close()

    def _apply(self) -> None:
        chosen: dict[str, tuple[float, float] | None] = {}
        (left, right), (low, high) = self.plot.ranges()
        for axis, ends, log in (("x", (left, right), self.plot.log_x), ("y", (low, high), self.plot.log_y)):
            try:
                chosen[axis] = self._pair(axis, ends, log=log)
            except ValueError as problem:
                self.problem.setText(str(problem))
                self.problem.show()
                self.adjustSize()
                return
        self.plot.set_range(chosen["x"], chosen["y"])
        self.close()

    def _pair(self, axis: str, shown: tuple[float, float], *, log: bool) -> tuple[float, float] | None:
        fields = [self.fields[f"{axis}_{end}"] for end in ("from", "to")]
        for field in fields:
            set_state(field, "invalid", False)
        if not any(field.text().strip() for field in fields):
            return None
        ends = [self._number(field, seen) for field, seen in zip(fields, shown, strict=True)]
        if ends[0] >= ends[1] or (log and ends[0] <= 0):
            for field in fields:
                set_state(field, "invalid", True)
            if log and ends[0] <= 0:
                raise ValueError(self.tr("A logarithmic axis begins above zero."))
            raise ValueError(self.tr("The first number must be below the second."))
        return ends[0], ends[1]

    def _number(self, field: QLineEdit, otherwise: float) -> float:
        text = field.text().strip().replace(",", ".")
        if not text:
            return otherwise
        try:
            return float(text)
        except ValueError:
            set_state(field, "invalid", True)
            raise ValueError(self.tr("{text} is no number.").format(text=text)) from None
