"""What each of several outputs learns: its target, its loss, how much it counts, what is measured there."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.forms.form import ParamForm
from ui.forms.settings_params import settings_of
from ui.pages.train.metrics import AUTO, MetricsChoice, settled_metrics
from ui.theme import S2, S3
from ui.widgets import Caption, SectionHeader
from workbench.catalog.losses import losses_for, metrics_for
from workbench.core.params import Param
from workbench.data.spec import DatasetInfo, TargetInfo
from workbench.project.plan import fitting_metrics
from workbench.project.training import OutputSettings, TrainingSettings


class OutputCard(QWidget):
    """One output; `changed` carries its settings anew."""

    changed = Signal(dict, str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own = OutputSettings()
        self._target: TargetInfo | None = None
        self._params = [setting.param for setting in settings_of(OutputSettings) if setting.path != "metrics"]
        self.form = ParamForm()
        self.form.edited.connect(self._edited)
        self.metrics = MetricsChoice(OutputSettings.model_fields["metrics"].description or "")
        self.metrics.chosen.connect(self._choose)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(S2)
        body.addWidget(SectionHeader(name))
        body.addWidget(self.form)
        body.addWidget(self.metrics)

    def show_output(self, own: OutputSettings, settings: TrainingSettings, info: DatasetInfo) -> None:
        """Show an output's settings, with the targets and the losses that can be chosen for it."""
        self._own = own
        names = [found.name for found in info.targets]
        target = self._target = info.targets[names.index(own.target)] if own.target in names else info.main
        losses = losses_for(target.task, len(target.classes))
        auto = next((loss for loss in losses if loss.name == settings.loss), losses[0])
        first = self.tr("The plan's")
        if target.name != info.target:
            auto, first = losses[0], self.tr("Automatic")
        choices = {
            "target": (("", *names[1:]), (self.tr("{name} (main)").format(name=info.target), *names[1:])),
            "loss": ((AUTO, *(loss.name for loss in losses)), (first, *(loss.title for loss in losses))),
        }
        offered = [param for param in self._params if param.name != "target" or info.further]
        params = [self._choice(param, *choices[param.name]) if param.name in choices else param for param in offered]
        usual, values = OutputSettings().model_dump(), own.model_dump()
        self.form.show_params(params, {name: value for name, value in values.items() if value != usual[name]})
        chosen = next((loss for loss in losses if loss.name == own.loss), auto)
        self.metrics.offer(metrics_for(target.task, len(target.classes), chosen))
        self.metrics.show_names(own.metrics)

    def _choice(self, param: Param, choices: tuple[str, ...], labels: tuple[str, ...]) -> Param:
        label = self.tr("Learns") if param.name == "target" else param.label
        return Param(param.name, "choice", choices[0], doc=param.doc, choices=choices, labels=labels, label=label)

    def _edited(self, name: str, value: Any) -> None:
        usual = OutputSettings().model_dump(mode="json")
        record = {**self._own.model_dump(mode="json"), name: usual[name] if value is ... else value}
        if name == "target":
            # A loss and figures of one target are seldom those of another.
            record |= {"loss": usual["loss"], "metrics": usual["metrics"]}
        elif name == "loss":
            kept = fitting_metrics(self._own.metrics, self._target, record["loss"]) if self._target else ()
            record["metrics"] = list(kept or OutputSettings().metrics)
        self.changed.emit(record, f"{name}:{self.form.visit}")

    def _choose(self, names: tuple[str, ...]) -> None:
        settled = settled_metrics(self._own.metrics, names)
        self.changed.emit({**self._own.model_dump(mode="json"), "metrics": list(settled)}, "")
        self.metrics.show_names(self._own.metrics)


class OutputsEditor(QWidget):
    """Every output of a network that has several; `changed` carries the settings of those that have some."""

    changed = Signal(dict, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, OutputCard] = {}
        self._settings = TrainingSettings()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(S3)
        self.words = Caption("")
        self._column.addWidget(self.words)

    def show_plan(self, settings: TrainingSettings, names: tuple[str, ...], info: DatasetInfo | None) -> None:
        """Show what a plan says of its outputs."""
        self._settings = settings
        if info is None:
            return
        if tuple(self.cards) != names:
            self._remake(names)
        words = self.tr("All outputs learn the same target; each may measure its error its way.")
        if info.further:
            words = self.tr("Each output learns a target; which there are is chosen on the Data page.")
        elif info.further_choices:
            words = self.tr("All outputs learn the same target. Further targets are chosen on the Data page.")
        self.words.setText(words)
        for name, card in self.cards.items():
            card.show_output(settings.outputs.get(name, OutputSettings()), settings, info)

    def _remake(self, names: tuple[str, ...]) -> None:
        for card in self.cards.values():
            card.hide()
            self._column.removeWidget(card)
            card.deleteLater()
        self.cards = {}
        for name in names:
            card = self.cards[name] = OutputCard(name)
            card.changed.connect(lambda record, key, name=name: self._changed(name, record, key))
            self._column.addWidget(card)

    def _changed(self, name: str, record: dict[str, Any], key: str) -> None:
        outputs = {other: own.model_dump(mode="json") for other, own in self._settings.outputs.items()}
        outputs[name] = record
        usual = OutputSettings().model_dump(mode="json")
        told = {other: own for other, own in outputs.items() if own != usual}
        self.changed.emit(told, f"output:{name}:{key}" if key else "")
