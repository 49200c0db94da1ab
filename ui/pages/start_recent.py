"""One recent project on the Start page."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.recents import RecentProject
from ui.theme import S3, pixmap, theme, tokens
from ui.widgets import Badge, Caption, Card, ElidedLabel, IconButton


def ago(seconds: float) -> str:
    """How long ago, in words."""

    def tr(text: str, count: int = 0) -> str:
        return QCoreApplication.translate("Ago", text).format(count=count)

    minutes = round(seconds / 60)
    if minutes < 1:
        return tr("just now")
    if minutes < 60:
        return tr("{count} min ago", minutes)
    if minutes < 60 * 24:
        return tr("{count} h ago", round(minutes / 60))
    return tr("{count} d ago", round(minutes / 60 / 24))


def short(folder: Path) -> str:
    """A folder's place, from home where it lies there."""
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)


class RecentRow(Card):
    """Name, what is inside, where, and when; a button takes it off the list."""

    forgotten = Signal()

    def __init__(self, project: RecentProject, parent: QWidget | None = None) -> None:
        super().__init__(parent, clickable=True, margin=0)
        self.project = project
        self.setProperty("kind", "row")
        self.setObjectName("recent")
        self.setAccessibleName(self.tr("Open {name}").format(name=project.name))
        self.setToolTip(str(project.folder))
        self._icon = QLabel(self)
        facts = [fact for fact in (project.data, self._runs(project.runs)) if fact]
        name = ElidedLabel(project.name, "strong", self)
        about = ElidedLabel(" · ".join(facts) or self.tr("no data yet"), "caption", self)
        place = ElidedLabel("" if project.draft else short(project.folder.parent), "caption", self)
        place.set_elide_mode(Qt.TextElideMode.ElideMiddle)
        when = Caption(ago(time.time() - project.changed), self)
        when.setWordWrap(False)
        when.setMinimumWidth(72)
        when.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        words = self.tr("Discard this draft") if project.draft else self.tr("Take off this list; the project stays")
        self._forget = IconButton("trash-2" if project.draft else "x", words, self, size=16)
        self._forget.clicked.connect(self.forgotten)
        line = QHBoxLayout()
        line.setContentsMargins(S3, 0, S3, 0)
        line.setSpacing(S3)
        line.addWidget(self._icon)
        line.addWidget(name, 3)
        line.addWidget(about, 4)
        if project.draft:
            line.addWidget(Badge(self.tr("draft"), "neutral", self))
        line.addWidget(place, 3)
        line.addWidget(when)
        line.addWidget(self._forget)
        self.body.addLayout(line)
        self.setFixedHeight(44)
        theme().changed.connect(self._paint)
        self._paint()

    def _runs(self, count: int) -> str:
        if count < 2:
            return self.tr("1 run") if count else ""
        return self.tr("{count} runs").format(count=count)

    def _paint(self) -> None:
        self._icon.setPixmap(pixmap("blocks", tokens().muted, 16, self.devicePixelRatioF()))
