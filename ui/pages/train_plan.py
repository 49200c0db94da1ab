"""The plan: every setting of the training with its one sentence; each edit is a command that can be undone."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.forms.settings_form import SettingsForm
from ui.pages.train_metrics import AUTO, MetricsChoice, settled_metrics
from ui.session import Session
from ui.theme import S3, S4
from ui.widgets import Caption, Heading, Panel, Scroll
from workbench.catalog.losses import losses_for, metrics_for
from workbench.catalog.optimizers import optimizer_spec, optimizers
from workbench.core.params import Kind
from workbench.project.model import Project
from workbench.project.plan import with_setting
from workbench.project.training import TrainingSettings

LEAST_ROW = 160
NOT_IN_FORM = ("metrics", "optimizer_params", "loss_params", "outputs", "class_weight", "schedule.params", "phases")


class PlanPanel(Panel):
    """A form over `project.training`; what the chosen optimizer does not use is not shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=0)
        self.session = session
        self._devices: tuple[str, ...] = (AUTO, "cpu")
        self.form = SettingsForm(TrainingSettings, hidden=NOT_IN_FORM)
        self.form.changed.connect(self._edit)
        self.metrics = MetricsChoice(TrainingSettings.model_fields["metrics"].description or "")
        self.metrics.chosen.connect(self._choose_metrics)
        self.note = Caption("")
        self.note.hide()
        scroll = Scroll(margin=S4, spacing=S3)
        scroll.body.addWidget(Heading(self.tr("Plan")))
        scroll.body.addWidget(self.note)
        scroll.body.addWidget(self.form)
        scroll.body.addWidget(self.metrics)
        scroll.body.addStretch(1)
        self.body.addWidget(scroll)
        session.changed.connect(self._project_changed)
        session.opened.connect(self.refresh)
        session.engine_changed.connect(self._find_devices)
        self.refresh()

    def refresh(self) -> None:
        """Show the open project's plan."""
        project = self.session.project
        self._fit_choices(project)
        self.form.set_values(project.training)
        self.metrics.show_names(project.training.metrics)
        for row in self.form.rows.values():
            # Else a row asks for its height at a width that the panel does not have, and its sentence is cut.
            row.setMinimumWidth(LEAST_ROW)
        for path in ("early_stopping.patience", "early_stopping.min_delta"):
            self.form.set_row_visible(path, project.training.early_stopping.enabled)

    def set_running(self, run: str | None) -> None:
        """Say that edits are for the next run while one is at work."""
        self.note.setText(
            self.tr("{run} keeps the plan it began with; edits are for the next run.").format(run=run) if run else ""
        )
        self.note.setVisible(bool(run))

    def _fit_choices(self, project: Project) -> None:
        info, training = project.info, project.training
        task, classes = (info.task, len(info.classes)) if info else ("classification", 0)
        losses = losses_for(task, classes)
        loss = next((spec for spec in losses if spec.name == training.loss), losses[0])
        self.metrics.offer(metrics_for(task, classes, loss))
        told = self.tr("'auto' takes the one that fits the task: {name}.").format(name=losses[0].name)
        words = loss.doc if training.loss != AUTO else f"{loss.doc} {told}"
        self._offer("loss", "choice", (AUTO, *(spec.name for spec in losses)), words)
        optimizer = optimizer_spec(training.optimizer)
        if optimizer is not None:
            self._offer("optimizer", "choice", tuple(spec.name for spec in optimizers()), optimizer.doc)
        self._offer("device", "choice", self._devices)

    def _offer(self, path: str, kind: Kind, choices: tuple[str, ...], words: str = "") -> None:
        param = self.form.settings[path].param
        self.form.set_override(path, dataclasses.replace(param, kind=kind, choices=choices, doc=words or param.doc))

    def _find_devices(self) -> None:
        if self.session.engine_state != "ready":
            return

        def work(token: object, progress: object) -> tuple[str, ...]:
            from workbench.engine import runtime

            return tuple(device.id for device in runtime.devices())

        self.session.run_task("Looking for devices", work, self._offer_devices, visible=False)

    def _offer_devices(self, ids: tuple[str, ...]) -> None:
        several = ("all",) if sum(name.startswith("gpu") for name in ids) > 1 else ()
        self._devices = tuple(dict.fromkeys((AUTO, "cpu", *ids, *several)))
        self._offer("device", "choice", self._devices)

    def _project_changed(self, before: Project, after: Project) -> None:
        if before.training != after.training or before.info != after.info:
            self.refresh()

    def _choose_metrics(self, names: tuple[str, ...]) -> None:
        settled = settled_metrics(self.session.project.training.metrics, names)
        self.session.do(self.tr("Choose metrics"), functools.partial(_set, "metrics", settled))
        self.metrics.show_names(self.session.project.training.metrics)

    def _edit(self, changes: dict[str, Any]) -> None:
        for path, value in changes.items():
            shown = self.form.settings[path].param.title.lower()
            label = self.tr("Change {setting}").format(setting=shown)
            self.session.do(label, functools.partial(_set, path, value), merge=self.form.merge_key)


def _set(path: str, value: Any, project: Project) -> Project:
    return with_setting(project, path, value)
