"""The header: which project is open and whether it is saved, undo and redo, the search box, the device in use."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from ui.actions import ActionRegistry
from ui.session import Session
from ui.theme import CONTROL_HEIGHT, HEADER_HEIGHT, S2, S3, S4
from ui.widgets import Badge, Caption, ElidedLabel, IconButton, set_icon


class _SearchBox(QPushButton):
    """A button that looks like a field: what is typed next goes to the command palette."""

    def __init__(self, keys: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("search_box")
        self.setText("  " + self.tr("Search or do anything"))
        self.setAccessibleName(self.tr("Search or do anything"))
        self.setFixedHeight(CONTROL_HEIGHT)
        self.setMinimumWidth(240)
        self.setMaximumWidth(420)
        set_icon(self, "search")
        keys_label = Caption(keys, self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(S3, 0, S3, 0)
        layout.addStretch(1)
        layout.addWidget(keys_label)


class Header(QFrame):
    """48 px above everything."""

    def __init__(self, session: Session, actions: ActionRegistry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("header")
        self.setFixedHeight(HEADER_HEIGHT)
        self.name = ElidedLabel("", "strong", self)
        self.name.setObjectName("project_name")
        self.name.setMaximumWidth(320)
        self.dirty = QLabel("●", self)
        self.dirty.setToolTip(self.tr("There are changes that are not saved"))
        self.dirty.setAccessibleName(self.tr("Not saved"))
        self.dirty.setProperty("role", "warning")
        self.draft = Badge(self.tr("draft"), "neutral", self)
        self.draft.setToolTip(self.tr("Kept among the drafts until you save it to a folder of its own"))
        self.undo = self._button("undo-2", actions, "edit.undo")
        self.redo = self._button("redo-2", actions, "edit.redo")
        keys = actions.actions["palette.open"].keys.toString(QKeySequence.SequenceFormat.NativeText)
        self.search = _SearchBox(keys, self)
        self.search.clicked.connect(lambda: actions.run("palette.open"))
        self._device_button = self._button("cpu", actions, "help.devices")
        self._device_button.setObjectName("device_button")
        self.device = Caption("", self)
        self.device.setObjectName("device")
        self.device.setWordWrap(False)
        self._lay_out()
        for signal in (session.opened, session.state_changed, session.engine_changed):
            signal.connect(self.refresh)
        session.changed.connect(self.refresh)
        self.refresh()

    def _button(self, icon: str, actions: ActionRegistry, action: str) -> IconButton:
        button = IconButton(icon, actions.actions[action].title, self)
        button.clicked.connect(lambda: actions.run(action))
        return button

    def _lay_out(self) -> None:
        left, right = QHBoxLayout(), QHBoxLayout()
        for widget in (self.name, self.dirty, self.draft):
            left.addWidget(widget)
        left.addSpacing(S2)
        for button in (self.undo, self.redo):
            left.addWidget(button)
        left.addStretch(1)
        left.setSpacing(S2)
        right.addStretch(1)
        right.addWidget(self.device)
        right.addWidget(self._device_button)
        right.setSpacing(S2)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(S4, 0, S4, 1)
        layout.addLayout(left, 3)
        layout.addWidget(self.search, 3)
        layout.addLayout(right, 3)

    def refresh(self) -> None:
        """Follow the session."""
        session = self._session
        self.name.set_text(session.project.name if session.is_open else self.tr("Keras Workbench"))
        self.name.setToolTip(str(session.folder) if session.folder is not None else "")
        self.dirty.setVisible(session.is_open and session.dirty)
        self.draft.setVisible(session.is_open and session.is_draft)
        for button, label, word, action in (
            (self.undo, session.undo_label, self.tr("Undo"), QKeySequence.StandardKey.Undo),
            (self.redo, session.redo_label, self.tr("Redo"), QKeySequence.StandardKey.Redo),
        ):
            keys = QKeySequence(action).toString(QKeySequence.SequenceFormat.NativeText)
            button.setEnabled(label is not None)
            button.setVisible(session.is_open)
            button.setToolTip(f"{word}: {label}  {keys}" if label else f"{word}  {keys}")
        texts = {
            "waiting": "",
            "loading": self.tr("Loading TensorFlow…"),
            "ready": session.device,
            "failed": self.tr("No TensorFlow"),
        }
        self.device.setText(texts[session.engine_state])
        failed = session.engine_state == "failed"
        self.device.set_role("danger" if failed else "caption")
        error = session.engine_error
        self.device.setToolTip(str(error) if failed and error else self.tr("The device that training uses"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
