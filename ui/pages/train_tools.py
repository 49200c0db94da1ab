"""The rows over the plots: which figures are drawn; the legend, over what they are drawn and how smooth."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QSlider, QVBoxLayout, QWidget

from ui.pages.train_progress import metric_title
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
        self._chips = FlowLayout(spacing=S1)
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
        ways = QHBoxLayout()
        ways.setSpacing(S1)
        for widget in (smooth, self.smoothing, self.weight_label, self.axis, self.log_y, self.log_x):
            ways.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        lower = QHBoxLayout()
        lower.setSpacing(S2)
        lower.addWidget(self.legend, 1)
        lower.addLayout(ways)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S1)
        layout.addLayout(self._chips)
        layout.addLayout(lower)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

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
        for name, chip in self.chips.items():
            chip.setChecked(name in chosen)

    def _choose(self, name: str) -> None:
        chosen = tuple(other for other, chip in self.chips.items() if chip.isChecked())
        if not chosen:
            self.chips[name].setChecked(True)
            return
        self.figures_chosen.emit(chosen)


def figure_title(name: str) -> str:
    """A figure's name as a title: "Learning rate"."""
    title = metric_title(name)
    return title[:1].upper() + title[1:]
