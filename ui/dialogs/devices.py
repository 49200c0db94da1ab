"""Devices: what trains here, with which versions, why no GPU is seen, and what to do about it on this system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from ui.session import Session
from ui.theme import S2, S3, S4, S5
from ui.widgets import Note, QuietButton, Text, Title, column, row
from workbench.core.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.engine.doctor import Diagnosis

GIB = 1024**3
PACKAGES = ("tensorflow", "keras")
LEAST_WIDTH = 560


class DevicesDialog(QDialog):
    """Waits for TensorFlow where it is still loading; nothing is imported for this dialog alone."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("devices")
        self.setWindowTitle(self.tr("Devices"))
        self._session = session
        self._asked = False
        self._words = ""
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(S4)
        self._grid.setVerticalSpacing(S2)
        self._grid.setColumnStretch(1, 1)
        self.verdict = Note()
        self.verdict.setObjectName("verdict")
        self.remedy = Text("", parent=self)
        self.remedy.setObjectName("remedy")
        self.remedy.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.remedy.hide()
        self.copy = QuietButton(self.tr("Copy"), "copy", self)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._words))
        close = QuietButton(self.tr("Close"), parent=self)
        close.clicked.connect(self.accept)
        close.setDefault(True)
        body = column(Title(self.tr("Devices"), self), self.verdict, self.remedy, spacing=S3)
        body.addLayout(self._grid)
        body.addSpacing(S2)
        body.addLayout(row(self.copy, None, close))
        body.setContentsMargins(S5, S5, S5, S4)
        self._body = body
        self.setLayout(body)
        self.setMinimumWidth(LEAST_WIDTH)
        session.engine_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Look at the machine once TensorFlow is there."""
        session = self._session
        self.copy.setVisible(False)
        if session.engine_state == "failed":
            self._failed(session.engine_error or WorkbenchError(self.tr("TensorFlow could not be loaded.")))
        elif session.engine_state != "ready":
            self.verdict.set(self.tr("TensorFlow is loading; the devices are known in a moment."), "note")
        elif not self._asked:
            self._asked = True
            self.verdict.set(self.tr("Looking at this machine…"), "note")
            session.run_task(
                self.tr("Looking for devices"), _diagnose, self.show_diagnosis, self._failed, visible=False
            )

    def _failed(self, error: WorkbenchError) -> None:
        self.verdict.set(str(error), "danger")

    def show_diagnosis(self, found: Diagnosis) -> None:
        """Show what was found."""
        title = next(device.title for device in found.devices if device.id == found.in_use)
        if found.gpu_missing:
            self.verdict.set(self.tr("Training uses the {device}.").format(device=title) + " " + found.gpu_missing)
        else:
            self.verdict.set(self.tr("Training uses {device}.").format(device=title), "good")
        self.remedy.setText(found.remedy)
        self.remedy.setVisible(bool(found.remedy))
        free, total = found.free_memory / GIB, found.memory / GIB
        facts = [
            (self.tr("Devices"), ", ".join(device.title for device in found.devices)),
            (self.tr("Memory"), self.tr("{free} of {total} GB free").format(free=f"{free:.1f}", total=f"{total:.1f}")),
            (self.tr("NVIDIA driver"), found.driver or self.tr("none")),
            *((name, found.versions[name]) for name in PACKAGES if name in found.versions),
            ("Python", found.python),
            (self.tr("System"), found.system),
        ]
        for line, (name, value) in enumerate(facts):
            words = Text(value, parent=self)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(Text(name, "muted", self, wrap=False), line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, line, 1)
        told = [found.gpu_missing, found.remedy, *(f"{name}: {value}" for name, value in facts)]
        self._words = "\n".join(line for line in told if line)
        self.copy.setVisible(True)
        # The new lines are counted only once the event loop has shown them.
        QTimer.singleShot(0, self, self._make_room)

    def _make_room(self) -> None:
        """Grow to what the sentences need now; they may wrap where those that told to wait did not."""
        self._body.activate()
        self.resize(self.width(), max(self.height(), self._body.totalHeightForWidth(self.width())))


def _diagnose(token: object, progress: object) -> Diagnosis:
    from workbench.engine.doctor import diagnose

    return diagnose()
