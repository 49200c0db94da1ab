"""Which metrics are measured: check boxes in the catalogue's words, for those that fit task and loss."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QToolButton, QVBoxLayout, QWidget

from ui.theme import S1
from ui.widgets import Caption, SectionHeader
from workbench.catalog.losses import MetricSpec

AUTO = "auto"
SHOWN = 5
"""How many of the metrics that fit stand there at once; the others are a press away."""


class MetricsChoice(QWidget):
    """'Automatic' and every metric that fits; `chosen` tells the names of those that are checked."""

    chosen = Signal(tuple)

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, QCheckBox] = {}
        self._rare: set[str] = set()
        self._unfolded = False
        self._specs: tuple[MetricSpec, ...] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(S1)
        self._column.addWidget(SectionHeader(self.tr("Metrics")))
        self._column.addWidget(Caption(words))
        self.more = QToolButton()
        self.more.setObjectName("more_metrics")
        self.more.setAutoRaise(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.clicked.connect(self._turn)
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def offer(self, specs: Sequence[MetricSpec]) -> None:
        """Offer these metrics, the default first."""
        if self._specs == tuple(specs):
            return
        self._specs = tuple(specs)
        for box in self.boxes.values():
            box.hide()
            self._column.removeWidget(box)
            box.deleteLater()
        self.boxes = {}
        self._add(AUTO, self.tr("Automatic"), self.tr("Takes those that fit the task"))
        for spec in specs:
            self._add(spec.name, spec.title, spec.doc)
        self._rare = {spec.name for spec in specs[SHOWN:]}
        self._column.removeWidget(self.more)
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._fold()

    def _turn(self) -> None:
        self._unfolded = not self._unfolded
        self._fold()

    def _fold(self) -> None:
        """Show the rare ones where they are wanted or checked."""
        for name in self._rare:
            self.boxes[name].setVisible(self._unfolded or self.boxes[name].isChecked())
        self.more.setVisible(bool(self._rare))
        self.more.setText(self.tr("Fewer metrics") if self._unfolded else self.tr("More metrics"))
        self.more.setArrowType(Qt.ArrowType.DownArrow if self._unfolded else Qt.ArrowType.RightArrow)

    def _add(self, name: str, title: str, words: str) -> None:
        box = self.boxes[name] = QCheckBox(title)
        box.setObjectName(f"metric_{name}")
        box.setToolTip(words)
        box.clicked.connect(self._tell)
        self._column.addWidget(box)

    def show_names(self, names: Sequence[str]) -> None:
        """Check those that the plan names."""
        for name, box in self.boxes.items():
            box.setChecked(name in names)
        self._fold()

    def _tell(self) -> None:
        self.chosen.emit(tuple(name for name, box in self.boxes.items() if box.isChecked()))


def settled_metrics(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """'auto' stands alone: naming a metric takes it away, and naming none or 'auto' brings it back."""
    named = tuple(name for name in after if name != AUTO)
    if not named or (AUTO in after and AUTO not in before):
        return (AUTO,)
    return named
