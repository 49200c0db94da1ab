"""The plan: every setting of the training with its one sentence; each edit is a command that can be undone."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtWidgets import QWidget
from workbench.catalog.losses import losses_for, metrics_for
from workbench.catalog.optimizers import optimizers

from ui.forms.settings_form import SettingsForm
from ui.session import Session
from ui.theme import S3, S4
from ui.widgets import Caption, Heading, Panel, Scroll
from workbench.core.errors import UsageError
from workbench.core.params import Param
from workbench.core.validation import validated
from workbench.project.model import Project, TrainingSettings

OPTIMIZER_PATHS = ("momentum", "weight_decay")
AUTO = "auto"


class PlanPanel(Panel):
    """A form over `project.training`; what the chosen optimizer does not use is not shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=0)
        self.session = session
        self.form = SettingsForm(TrainingSettings)
        self.form.changed.connect(self._edit)
        self.note = Caption("")
        self.note.hide()
        scroll = Scroll(margin=S4, spacing=S3)
        scroll.body.addWidget(Heading(self.tr("Plan")))
        scroll.body.addWidget(self.note)
        scroll.body.addWidget(self.form, 1)
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
        used = next((spec.uses for spec in optimizers() if spec.name == project.training.optimizer), ())
        for path in OPTIMIZER_PATHS:
            self.form.set_row_visible(path, path in used)
        for path in ("early_stopping.patience", "early_stopping.min_delta"):
            self.form.set_row_visible(path, project.training.early_stopping.enabled)

    def set_running(self, run: str | None) -> None:
        """Say that edits are for the next run while one is at work."""
        self.note.setText(
            self.tr("{run} keeps the plan it began with; edits are for the next run.").format(run=run) if run else ""
        )
        self.note.setVisible(bool(run))

    def _fit_choices(self, project: Project) -> None:
        task = project.info.task if project.info else "classification"
        classes = len(project.info.classes) if project.info else 0
        losses = tuple(spec.name for spec in losses_for(task, classes))
        metrics = tuple(spec.name for spec in metrics_for(task, classes))
        self._offer("loss", "choice", (AUTO, *losses))
        self._offer("metrics", "text", (AUTO, *metrics))

    def _offer(self, path: str, kind: Any, choices: tuple[str, ...]) -> None:
        param: Param = self.form.settings[path].param
        self.form.set_override(path, dataclasses.replace(param, kind=kind, choices=choices))

    def _find_devices(self) -> None:
        if self.session.engine_state != "ready":
            return

        def work(token: object, progress: object) -> tuple[str, ...]:
            from workbench.engine import runtime

            return tuple(device.id for device in runtime.devices())

        self.session.run_task("Looking for devices", work, self._offer_devices, visible=False)

    def _offer_devices(self, ids: tuple[str, ...]) -> None:
        self._offer("device", "choice", tuple(dict.fromkeys((AUTO, "cpu", *ids))))

    def _project_changed(self, before: Project, after: Project) -> None:
        if before.training != after.training or before.info != after.info:
            self.refresh()

    def _edit(self, changes: dict[str, Any]) -> None:
        for path, value in changes.items():
            shown = self.form.settings[path].param.title.lower()
            self.session.do(
                self.tr("Change {setting}").format(setting=shown),
                lambda project, path=path, value=value: with_setting(project, path, value),
                merge=self.form.merge_key,
            )


def with_setting(project: Project, path: str, value: Any) -> Project:
    """The project with one training setting changed.

    Args:
        project: Where to change it.
        path: The setting's name, dotted for one in a group.
        value: Its checked value.
    """
    if path == "metrics":
        value = settled_metrics(project.training.metrics, tuple(value))
    record = project.training.model_dump(mode="json")
    place = record
    *groups, name = path.split(".")
    for group in groups:
        place = place[group]
    place[name] = value
    training = validated(TrainingSettings, record, "The plan", UsageError, "Enter another value.")
    return project.model_copy(update={"training": training})


def settled_metrics(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """'auto' stands alone: naming a metric takes it away, and naming none or 'auto' brings it back."""
    named = tuple(name for name in after if name != AUTO)
    if not named or (AUTO in after and AUTO not in before):
        return (AUTO,)
    return named
