"""How busy the machine is while a run works: CPU, memory, and the GPU where there is one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui.theme import CAPTION, S1, S3, theme, tokens
from workbench.core.events import Load

WIDTH, HEIGHT, BAR = 108, 24, 4
HIGH = 0.92
GIGABYTE = 1024**3


class Meter(QWidget):
    """A word, a share and a thin bar."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.share = 0.0
        self.words = ""
        font = QFont(self.font())
        font.setPixelSize(CAPTION)
        self.setFont(font)
        self.setFixedSize(QSize(WIDTH, HEIGHT))
        theme().changed.connect(self.update)

    def tell(self, share: float, words: str, exact: str) -> None:
        """Show a share of 1, in words."""
        self.share, self.words = min(max(share, 0.0), 1.0), words
        self.setToolTip(exact)
        self.setAccessibleName(exact)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(0, 0, self.width(), self.height() - BAR - S1)
        painter.setPen(QColor(colors.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, self.name)
        painter.setPen(QColor(colors.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, self.words)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.pressed))
        ground = QRectF(0, self.height() - BAR, self.width(), BAR)
        painter.drawRoundedRect(ground, BAR / 2, BAR / 2)
        painter.setBrush(QColor(colors.warning if self.share > HIGH else colors.muted))
        ground.setWidth(self.width() * self.share)
        painter.drawRoundedRect(ground, BAR / 2, BAR / 2)
        painter.end()


class LoadMeters(QWidget):
    """The meters, memory under use; those of a GPU are shown where there is one, and all only where there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cpu = Meter(self.tr("CPU"))
        self.memory = Meter(self.tr("Memory"))
        self.gpu = Meter(self.tr("GPU"))
        self.gpu_memory = Meter(self.tr("GPU mem."))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._room = 2 * (WIDTH + S3)
        self._load: Load | None = None
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(S3)
        layout.setVerticalSpacing(S1)
        for place, (use, memory) in enumerate(((self.cpu, self.memory), (self.gpu, self.gpu_memory))):
            layout.addWidget(use, 0, place)
            layout.addWidget(memory, 1, place)
        self.clear()

    def tell(self, load: Load) -> None:
        """Show how busy the machine is."""
        self._load = load
        self._share(self.cpu, load.cpu)
        self._bytes(self.memory, load.memory, load.memory_total)
        if load.gpu is not None:
            self._share(self.gpu, load.gpu)
        if load.gpu_memory_total:
            self._bytes(self.gpu_memory, load.gpu_memory or 0, load.gpu_memory_total)
        self._arrange()

    def clear(self) -> None:
        """Nothing is known: no run is at work."""
        self._load = None
        self._arrange()

    def fit(self, room: int) -> None:
        """Show no more than has room beside the figures.

        Args:
            room: Pixels.
        """
        self._room = room
        self._arrange()

    def _arrange(self) -> None:
        load = self._load
        second = self._room >= 2 * WIDTH + S3
        self.setVisible(load is not None and self._room >= WIDTH)
        self.gpu.setVisible(load is not None and load.gpu is not None and second)
        self.gpu_memory.setVisible(load is not None and bool(load.gpu_memory_total) and second)

    @staticmethod
    def _share(meter: Meter, share: float) -> None:
        meter.tell(share, f"{share:.0%}", f"{meter.name}: {share:.1%}")

    @staticmethod
    def _bytes(meter: Meter, used: int, total: int) -> None:
        words = f"{used / GIGABYTE:.1f} GB"
        meter.tell(used / max(total, 1), words, f"{meter.name}: {words} / {total / GIGABYTE:.1f} GB")
