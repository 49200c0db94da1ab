"""Which metrics are measured: check boxes in the catalogue's words, for those that fit task and loss."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ui.theme import S1
from ui.widgets import Caption, SectionHeader
from workbench.catalog.losses import MetricSpec

AUTO = "auto"


class MetricsChoice(QWidget):
    """'Automatic' and every metric that fits; `chosen` tells the names of those that are checked."""

    chosen = Signal(tuple)

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, QCheckBox] = {}
        self._specs: tuple[MetricSpec, ...] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(S1)
        self._column.addWidget(SectionHeader(self.tr("Metrics")))
        self._column.addWidget(Caption(words))

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

    def _tell(self) -> None:
        self.chosen.emit(tuple(name for name, box in self.boxes.items() if box.isChecked()))


def settled_metrics(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """'auto' stands alone: naming a metric takes it away, and naming none or 'auto' brings it back."""
    named = tuple(name for name in after if name != AUTO)
    if not named or (AUTO in after and AUTO not in before):
        return (AUTO,)
    return named
