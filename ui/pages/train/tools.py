"""The rows over the plots: which figures are drawn; the legend, over what they are drawn and how smooth."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QSlider, QWidget

from ui.pages.train.progress import metric_title
from ui.plots.legend import Legend
from ui.plots.series import EPOCHS, SECONDS, STEPS
from ui.theme import S1, S2
from ui.widgets import Caption, FlowLayout, set_state

SLIDER_WIDTH = 72
MOST_SMOOTH = 0.99
WIDEST = 40


class TrainTools(QWidget):
    """`figures_chosen` tells the names of the figures; `changed` that the axes or the smoothing are to be others."""

    figures_chosen = Signal(tuple)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: dict[str, QPushButton] = {}
        self.legend = Legend()
        self._figures = QWidget()
        self._chips = FlowLayout(self._figures, spacing=S1)
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, 99)
        self.smoothing.setFixedWidth(SLIDER_WIDTH)
        self.smoothing.setAccessibleName(self.tr("Smoothing"))
        words = self.tr("How much each curve is averaged over its past; the values themselves stay faint behind")
        self.smoothing.setToolTip(words)
        self.smoothing.valueChanged.connect(self._smooth)
        self.weight_label = Caption("0")
        self.weight_label.setWordWrap(False)
        self.weight_label.setFixedWidth(WIDEST - S2)
        self.axis = QComboBox()
        self.axis.setAccessibleName(self.tr("Horizontal axis"))
        self.axis.setToolTip(self.tr("What the horizontal axis counts"))
        names = ((EPOCHS, self.tr("Epochs")), (STEPS, self.tr("Steps")), (SECONDS, self.tr("Time")))
        for axis, name in names:
            self.axis.addItem(name, axis)
        self.axis.activated.connect(self.changed)
        self.log_y = self._switch(
            self.tr("log y"), self.tr("Logarithmic vertical axis; leaves out what is not above 0")
        )
        self.log_x = self._switch(self.tr("log x"), self.tr("Logarithmic horizontal axis"))
        self._lay_out()

    def _lay_out(self) -> None:
        smooth = Caption(self.tr("Smooth"))
        smooth.setWordWrap(False)
        self._ways = QWidget()
        ways = QHBoxLayout(self._ways)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(S1)
        for widget in (smooth, self.smoothing, self.weight_label, self.axis, self.log_y, self.log_x):
            ways.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(S2)
        self._grid.setVerticalSpacing(S1)
        self._grid.setColumnStretch(0, 1)
        self._line: int | None = None
        self._arrange()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _arrange(self) -> None:
        """In as few lines as there is room for: the ways stand beside the figures, else beside the legend."""
        room = self.width() - self._ways.sizeHint().width() - S2
        chips, legend = (_in_a_row(widgets) for widgets in (self.chips.values(), self.legend.entries.values()))
        line = 0 if chips <= room else 1 if legend <= room else 2
        if line == self._line:
            return
        self._line = line
        for widget in (self._figures, self.legend, self._ways):
            self._grid.removeWidget(widget)
        self._grid.addWidget(self._figures, 0, 0, 1, 1 if line == 0 else 2)
        self._grid.addWidget(self._ways, min(line, 1), 1, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self.legend, max(line, 1), 0, 1, 1 if line == 1 else 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # there are other figures or runs
            self._arrange()
        return super().event(event)

    def _switch(self, text: str, words: str) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        button.setToolTip(words)
        button.setAccessibleName(words)
        set_state(button, "kind", "chip")
        button.toggled.connect(self.changed)
        return button

    @property
    def weight(self) -> float:
        """The weight of the moving average; the slider is finer where averages are long."""
        share = self.smoothing.value() / 99
        return round(MOST_SMOOTH * (1 - (1 - share) ** 2), 3)

    @property
    def axis_chosen(self) -> int:
        """EPOCHS, STEPS or SECONDS."""
        return int(self.axis.currentData())

    def _smooth(self) -> None:
        self.weight_label.setText(f"{self.weight:.2f}" if self.weight else "0")
        self.changed.emit()

    def offer(self, figures: Sequence[str], chosen: Sequence[str]) -> None:
        """Offer these figures, some of them chosen."""
        if list(self.chips) != list(figures):
            self._chips.clear()
            self.chips = {}
            for name in figures:
                chip = self.chips[name] = QPushButton(figure_title(name))
                chip.setCheckable(True)
                chip.setObjectName(f"figure_{name}")
                chip.setToolTip(self.tr("Draw this figure, or no longer"))
                set_state(chip, "kind", "chip")
                chip.clicked.connect(lambda _checked=False, name=name: self._choose(name))
                self._chips.addWidget(chip)
                chip.show()
            self._chips.invalidate()
            self._figures.updateGeometry()
        for name, chip in self.chips.items():
            chip.setChecked(name in chosen)

    def _choose(self, name: str) -> None:
        chosen = tuple(other for other, chip in self.chips.items() if chip.isChecked())
        if not chosen:
            self.chips[name].setChecked(True)
            return
        self.figures_chosen.emit(chosen)


def _in_a_row(widgets: Collection[QWidget]) -> int:
    """How wide widgets are beside one another."""
    return sum(widget.sizeHint().width() + S2 for widget in widgets)


def figure_title(name: str) -> str:
    """A figure's name as a title: "Learning rate"."""
    title = metric_title(name)
    return title[:1].upper() + title[1:]
