"""The user's choices about the data: each asks for another `DatasetSpec`, none changes anything itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui.pages.data_columns import ColumnsView
from ui.pages.data_split import SplitBar
from ui.theme import S1, S2, S3
from ui.widgets import Caption, QuietButton
from workbench.data.spec import DatasetInfo, DatasetSpec, SplitSpec

SOME_SAMPLES, ROUNDING = 500, 0.005


def narrow(control: QWidget) -> None:
    """Let a control be as narrow as its panel asks, whatever it holds."""
    control.setMinimumWidth(64)
    control.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)


class Choices(QWidget):
    """A group of controls over one spec. `wanted` tells the new spec, the edit's name, and what it may merge with."""

    wanted = Signal(object, str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec: DatasetSpec | None = None

    def ask(self, label: str, merge: str | None = None, **changes: Any) -> None:
        """Ask for the spec with these changes."""
        if self.spec is not None:
            spec = self.spec.model_copy(update=changes)
            if spec != self.spec:
                self.wanted.emit(spec, label, merge)


class TargetChoices(Choices):
    """What is predicted: the column, whether it is a class or a value, and how much each sample counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.target = QComboBox()
        self.target.setObjectName("target_chooser")
        narrow(self.target)
        self.target.setToolTip(self.tr("The column that the network learns to predict"))
        self.target.activated.connect(self._pick_target)
        self.task = QComboBox()
        self.task.setObjectName("task_chooser")
        self.task.addItem(self.tr("Classification"), "classification")
        self.task.addItem(self.tr("Regression"), "regression")
        self.task.setToolTip(self.tr("Classification names a class; regression estimates a number"))
        self.task.activated.connect(lambda: self.ask(self.tr("Choose the task"), task=self.task.currentData()))
        self.weights = QComboBox()
        self.weights.setObjectName("weights_chooser")
        narrow(self.weights)
        self.weights.setToolTip(
            self.tr("The column that says how much each sample counts; the network does not see it")
        )
        self.weights.activated.connect(self._pick_weights)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setSpacing(S2)
        self._form.addRow(self.tr("Target"), self.target)
        self._form.addRow(self.tr("Task"), self.task)
        self._form.addRow(self.tr("Weights"), self.weights)

    def show_choices(self, info: DatasetInfo, spec: DatasetSpec) -> None:
        """Show the present choices; only a CSV has a target to choose."""
        self.spec = spec
        self._form.setRowVisible(self.target, spec.source == "csv")
        self.target.clear()
        self.target.addItems([column.name for column in info.columns])
        self.target.setCurrentText(info.target)
        self.task.setCurrentIndex(self.task.findData(info.task))
        choices = dict.fromkeys((*info.weight_choices, *((info.weight,) if info.weight else ())))
        self._form.setRowVisible(self.weights, bool(choices))
        self.weights.clear()
        self.weights.addItem(self.tr("None: all count alike"), None)
        for name in choices:
            self.weights.addItem(name, name)
        self.weights.setCurrentIndex(max(0, self.weights.findData(info.weight or None)))

    def _pick_target(self) -> None:
        if self.spec is None:
            return
        name = self.target.currentText()
        self.ask(
            self.tr("Choose the target"),
            target=name,
            task=None,
            weight_column=None if self.spec.weight_column == name else self.spec.weight_column,
            further=tuple(other for other in self.spec.further if other.name != name),
            ignored=tuple(other for other in self.spec.ignored if other != name),
            categorical=tuple(other for other in self.spec.categorical if other != name),
        )

    def _pick_weights(self) -> None:
        spec, name = self.spec, self.weights.currentData()
        if spec is None:
            return
        kept = {
            field: tuple(other for other in getattr(spec, field) if other != name)
            for field in ("ignored", "categorical", "used")
        }
        self.ask(self.tr("Choose the weights"), None, weight_column=name, **kept)


class ColumnChoices(Choices):
    """Which columns are used, and which numbers are categories."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = ColumnsView()
        self.view.columns_model.asked.connect(self._tick)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view)

    def show_choices(self, info: DatasetInfo, spec: DatasetSpec) -> None:
        """Show the present choices."""
        self.spec = spec
        self.view.show_columns(info.columns, spec)

    def _tick(self, which: str, name: str, on: bool) -> None:
        spec = self.spec
        if spec is None:
            return

        def without(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(other for other in names if other != name)

        if which == "categorical":
            label = self.tr("Treat “{name}” as a category") if on else self.tr("Treat “{name}” as a number")
            self.ask(label.format(name=name), categorical=without(spec.categorical) + ((name,) if on else ()))
        elif on:
            self.ask(
                self.tr("Leave out “{name}”").format(name=name),
                ignored=(*without(spec.ignored), name),
                used=without(spec.used),
            )
        else:
            # A column that was left out because it looks useless must be named to come back.
            found = name not in spec.ignored
            self.ask(
                self.tr("Use “{name}”").format(name=name),
                ignored=without(spec.ignored),
                used=(*spec.used, name) if found else spec.used,
            )


class PictureChoices(Choices):
    """The size that pictures are brought to, and whether they keep their colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.width_box, self.height_box = self._side("picture_width"), self._side("picture_height")
        self.width_box.setToolTip(self.tr("Width in pixels"))
        self.height_box.setToolTip(self.tr("Height in pixels"))
        size = QHBoxLayout()
        size.setSpacing(S1)
        size.addWidget(self.width_box, 1)
        size.addWidget(QLabel("×"))
        size.addWidget(self.height_box, 1)
        self.color = QComboBox()
        self.color.setObjectName("color_chooser")
        self.color.addItem(self.tr("Colour"), "rgb")
        self.color.addItem(self.tr("Grey"), "grayscale")
        self.color.activated.connect(lambda: self.ask(self.tr("Choose the colour"), color=self.color.currentData()))
        self.reset = QuietButton(self.tr("As found"))
        self.reset.setToolTip(self.tr("Back to the size and colour that suit the pictures"))
        self.reset.clicked.connect(lambda: self.ask(self.tr("Pictures as found"), height=None, width=None, color=None))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(S2)
        form.addRow(self.tr("Size"), size)
        last = QHBoxLayout()
        last.setSpacing(S2)
        last.addWidget(self.color, 1)
        last.addWidget(self.reset)
        form.addRow(self.tr("Colour"), last)

    def _side(self, name: str) -> QSpinBox:
        box = QSpinBox()
        box.setObjectName(name)
        box.setRange(1, 1024)
        box.setSuffix(self.tr(" px"))
        # Told when the number is whole, not at every key.
        box.setKeyboardTracking(False)
        narrow(box)
        box.valueChanged.connect(self._resize)
        return box

    def show_choices(self, info: DatasetInfo, spec: DatasetSpec) -> None:
        """Show the present choices."""
        self.spec = spec
        height, width, channels = info.input_shape
        for box, value in ((self.height_box, height), (self.width_box, width)):
            with QSignalBlocker(box):
                box.setValue(value)
        self.color.setCurrentIndex(self.color.findData("rgb" if channels == 3 else "grayscale"))
        chosen = (spec.height, spec.width, spec.color) != (None, None, None)
        self.reset.setVisible(chosen)

    def _resize(self) -> None:
        self.ask(
            self.tr("Resize the pictures"),
            "picture size",
            height=self.height_box.value(),
            width=self.width_box.value(),
        )


class SplitChoices(Choices):
    """The three parts, their seed, and whether each class keeps its share."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples = 0
        self._given = False
        self.bar = SplitBar()
        self.bar.moving.connect(lambda *parts: self._say(parts, exact=False))
        self.bar.moved.connect(self._move)
        self.words = Caption("")
        self.words.setObjectName("split_words")
        self.words.setWordWrap(True)
        self.seed = QSpinBox()
        self.seed.setObjectName("split_seed")
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setKeyboardTracking(False)
        narrow(self.seed)
        self.seed.setToolTip(self.tr("The same seed gives the same three parts"))
        self.seed.valueChanged.connect(lambda seed: self._ask("Change the split's seed", "split seed", seed=seed))
        self.stratify = QCheckBox(self.tr("Same class shares"))
        self.stratify.setObjectName("split_stratify")
        self.stratify.setToolTip(self.tr("Stratify: keep each class's share the same in all three parts"))
        self.stratify.clicked.connect(lambda on: self._ask("Stratify the split", None, stratify=on))
        line = QHBoxLayout()
        line.setSpacing(S2)
        line.addWidget(QLabel(self.tr("Seed")))
        line.addWidget(self.seed, 1)
        line.addSpacing(S2)
        line.addWidget(self.stratify)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(S2)
        box.addWidget(self.bar)
        box.addWidget(self.words)
        box.addSpacing(S3 - S2)
        box.addLayout(line)

    def show_choices(self, info: DatasetInfo, spec: DatasetSpec) -> None:
        """Show the present choices."""
        self.spec, self._samples = spec, info.samples
        split = spec.split
        train, validation = round(split.train * 100), round(split.validation * 100)
        self.bar.set_parts((train, validation, 100 - train - validation))
        self._given = self._came_parted(info, spec)
        self._say((info.train_samples, info.validation_samples, info.test_samples), exact=True)
        with QSignalBlocker(self.seed):
            self.seed.setValue(split.seed)
        self.stratify.setVisible(info.task == "classification")
        self.stratify.setChecked(split.stratify)

    def _came_parted(self, info: DatasetInfo, spec: DatasetSpec) -> bool:
        """Whether the test part is not the one asked for, because the source brings its own."""
        if spec.source not in ("image_folder", "npz", "download") or info.samples < SOME_SAMPLES:
            return False
        return abs(info.test_samples / info.samples - spec.split.test) > ROUNDING

    def _say(self, parts: tuple[int, ...], *, exact: bool) -> None:
        counts = parts if exact else [round(self._samples * part / 100) for part in parts]
        words = [f"{count:,}" for count in counts]
        text = self.tr("{0} to learn from · {1} to choose the best epoch · {2} kept untouched for the test")
        given = self.tr(" The data came with a test part of their own, which is kept.") if self._given else ""
        self.words.setText(text.format(*words) + ("." + given if given else ""))

    def _move(self, train: int, validation: int, test: int) -> None:
        self._ask("Move the split", "split parts", train=train / 100, validation=validation / 100, test=test / 100)

    def _ask(self, label: str, merge: str | None, **changes: Any) -> None:
        if self.spec is not None:
            split = SplitSpec.model_validate(self.spec.split.model_dump() | changes)
            self.ask(self.tr(label), merge, split=split)
