"""The stages of a run: how long each lasts, its learning rate, and which layers it leaves as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from ui.forms.form import ParamForm
from ui.forms.settings_params import settings_of
from ui.theme import S1, S2, S3
from ui.widgets import Caption, IconButton, QuietButton, SectionHeader
from workbench.project.training import Phase, TrainingSettings

FIRST_EPOCHS, FINE_RATE = 5, 0.1


class PhaseCard(QWidget):
    """One stage; `changed` carries it anew, `moved` how many places up or down, `removed` that it is to go.

    Args:
        place: Which one it is, from 0.
    """

    changed = Signal(dict, str)  # the stage, and a key that is the same for all edits of one visit to a field
    moved = Signal(int)
    removed = Signal()

    def __init__(self, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phase: dict[str, Any] = {}
        self._names: tuple[str, ...] | None = None
        self._heads: tuple[str, ...] = ()
        self.boxes: dict[str, QCheckBox] = {}
        self._params = [setting.param for setting in settings_of(Phase) if setting.path != "frozen"]
        self.up = self._button("arrow-up", self.tr("Earlier"), f"phase_up_{place}", lambda: self.moved.emit(-1))
        self.down = self._button("arrow-down", self.tr("Later"), f"phase_down_{place}", lambda: self.moved.emit(1))
        remove = self._button("x", self.tr("Remove this stage"), f"phase_remove_{place}", self.removed.emit)
        title = self.tr("Stage {number}").replace("{number}", str(place + 1))
        self.form = ParamForm()
        self.form.edited.connect(self._edited)
        self.shortcut = QuietButton(self.tr("All but the last Dense"))
        self.shortcut.setObjectName(f"phase_head_{place}")
        self.shortcut.setToolTip(self.tr("Freeze every layer except the one that makes the answer"))
        self.shortcut.clicked.connect(lambda: self._freeze(self._heads))
        self._column = QVBoxLayout()
        self._column.setSpacing(S1)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(S2)
        body.addWidget(SectionHeader(title, self.up, self.down, remove))
        body.addWidget(self.form)
        body.addWidget(Caption(Phase.model_fields["frozen"].description or ""))
        body.addWidget(self.shortcut, 0, Qt.AlignmentFlag.AlignLeft)
        body.addLayout(self._column)

    def _button(self, icon: str, words: str, name: str, press: Any) -> IconButton:
        button = IconButton(icon, words, size=16)
        button.setObjectName(name)
        button.clicked.connect(lambda: press())
        return button

    def show_phase(self, phase: Phase, names: tuple[str, ...], heads: tuple[str, ...]) -> None:
        """Show a stage.

        Args:
            phase: What is shown.
            names: The layers that can be frozen.
            heads: Those that are frozen where only the head learns.
        """
        self._phase, self._heads = phase.model_dump(mode="json"), heads
        usual = {param.name: param.default for param in self._params}
        values = {name: self._phase[name] for name in usual if self._phase[name] != usual[name]}
        self.form.show_params(self._params, values)
        gone = [name for name in phase.frozen if name not in names]
        self._offer((*names, *gone))
        for name, box in self.boxes.items():
            box.setChecked(name in phase.frozen)
        self.shortcut.setVisible(bool(heads))

    def _offer(self, names: tuple[str, ...]) -> None:
        if names == self._names:
            return
        self._names = names
        for box in self.boxes.values():
            box.hide()
            self._column.removeWidget(box)
            box.deleteLater()
        self.boxes = {}
        for name in names:
            box = self.boxes[name] = QCheckBox(name)
            box.setToolTip(self.tr("Checked: its weights stay as they are in this stage"))
            box.clicked.connect(self._tell_frozen)
            self._column.addWidget(box)

    def _tell_frozen(self) -> None:
        self._freeze(tuple(name for name, box in self.boxes.items() if box.isChecked()))

    def _freeze(self, names: Sequence[str]) -> None:
        self.changed.emit({**self._phase, "frozen": list(names)}, "")

    def _edited(self, name: str, value: Any) -> None:
        usual = next(param.default for param in self._params if param.name == name)
        self.changed.emit({**self._phase, name: usual if value is ... else value}, f"{name}:{self.form.visit}")


class PhasesEditor(QWidget):
    """All stages, in order; `changed` carries them anew."""

    changed = Signal(list, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[PhaseCard] = []
        self._phases: list[dict[str, Any]] = []
        self._settings = TrainingSettings()
        self._heads: tuple[str, ...] = ()
        self.add = QuietButton(self.tr("Add a stage"), "plus")
        self.add.setObjectName("add_phase")
        self.add.clicked.connect(self._add)
        self.fine = QuietButton(self.tr("Train the head, then all"))
        self.fine.setObjectName("fine_tune")
        self.fine.setToolTip(self.tr("Two stages: first only the last Dense, then all layers at a tenth of the rate"))
        self.fine.clicked.connect(self._fine_tune)
        self._column = QVBoxLayout()
        self._column.setSpacing(S3)
        buttons = QHBoxLayout()
        buttons.setSpacing(S2)
        buttons.addWidget(self.add)
        buttons.addWidget(self.fine)
        buttons.addStretch(1)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(S3)
        body.addWidget(Caption(TrainingSettings.model_fields["phases"].description or ""))
        body.addLayout(self._column)
        body.addLayout(buttons)

    def show_plan(self, settings: TrainingSettings, names: tuple[str, ...], heads: tuple[str, ...]) -> None:
        """Show a plan's stages.

        Args:
            settings: The plan.
            names: The layers that can be frozen.
            heads: Those that are frozen where only the head learns.
        """
        self._settings, self._heads = settings, heads
        self._phases = [phase.model_dump(mode="json") for phase in settings.phases]
        if len(self._phases) != len(self.cards):
            self._remake()
        for place, (card, phase) in enumerate(zip(self.cards, settings.phases, strict=True)):
            card.show_phase(phase, names, heads)
            card.up.setEnabled(place > 0)
            card.down.setEnabled(place < len(self.cards) - 1)
        self.fine.setVisible(not self._phases and bool(heads))

    def _remake(self) -> None:
        for card in self.cards:
            card.hide()
            self._column.removeWidget(card)
            card.deleteLater()
        self.cards = []
        for place in range(len(self._phases)):
            card = PhaseCard(place)
            card.changed.connect(lambda phase, key, place=place: self._changed(place, phase, key))
            card.moved.connect(lambda by, place=place: self._move(place, by))
            card.removed.connect(lambda place=place: self._tell(self._without(place)))
            self.cards.append(card)
            self._column.addWidget(card)

    def _tell(self, phases: list[dict[str, Any]], key: str = "") -> None:
        self.changed.emit(phases, key)

    def _changed(self, place: int, phase: dict[str, Any], key: str) -> None:
        phases = [*self._phases[:place], phase, *self._phases[place + 1 :]]
        self._tell(phases, f"phase:{place}:{key}" if key else "")

    def _without(self, place: int) -> list[dict[str, Any]]:
        return [*self._phases[:place], *self._phases[place + 1 :]]

    def _move(self, place: int, by: int) -> None:
        phases = self._without(place)
        phases.insert(place + by, self._phases[place])
        self._tell(phases)

    def _add(self) -> None:
        epochs = self._settings.epochs if not self._phases else FIRST_EPOCHS
        self._tell([*self._phases, Phase(epochs=epochs).model_dump(mode="json")])

    def _fine_tune(self) -> None:
        first = Phase(name=self.tr("head"), epochs=FIRST_EPOCHS, frozen=self._heads)
        rate = self._settings.learning_rate * FINE_RATE
        then = Phase(name=self.tr("all layers"), epochs=self._settings.epochs, learning_rate=rate)
        self._tell([first.model_dump(mode="json"), then.model_dump(mode="json")])
