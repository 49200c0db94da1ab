"""The plan: the usual settings first, the rest in parts that open; each edit is a command that can be undone."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.forms.fold import Fold
from ui.forms.form import ParamForm
from ui.forms.row import FormRow
from ui.forms.settings_form import SettingsForm
from ui.pages.train import figures
from ui.pages.train.metrics import AUTO, MetricsChoice, settled_metrics
from ui.pages.train.outputs import OutputsEditor
from ui.pages.train.phases import PhasesEditor
from ui.pages.train.rate_curve import RateCurve
from ui.session import Session
from ui.theme import S3, S4
from ui.widgets import Caption, Heading, Panel, Scroll
from workbench.catalog.losses import LossSpec, losses_for, metrics_for
from workbench.catalog.objects import ObjectSpec
from workbench.catalog.optimizers import optimizer_spec, optimizers
from workbench.catalog.schedules import schedule_spec, schedules
from workbench.core.params import Param
from workbench.project.model import Project
from workbench.project.plan import all_but_the_last, count_set, freezable, with_setting
from workbench.project.training import TrainingSettings

LEAST_ROW = 160
USUAL = ("epochs", "batch_size", "optimizer", "learning_rate", "loss")
PARTS: dict[str, tuple[str, ...]] = {
    "optimizer": ("weight_decay",),
    "rate": ("schedule.name", "schedule.warmup_epochs"),
    "plateau": (
        "reduce_on_plateau.enabled",
        "reduce_on_plateau.factor",
        "reduce_on_plateau.monitor",
        "reduce_on_plateau.patience",
        "reduce_on_plateau.min_delta",
        "reduce_on_plateau.cooldown",
        "reduce_on_plateau.min_lr",
    ),
    "gradients": (
        "gradients.clip",
        "gradients.clip_at",
        "gradients.accumulate",
        "gradients.loss_scale",
        "averaging.enabled",
        "averaging.momentum",
        "averaging.every",
    ),
    "classes": ("class_weights",),
    "end": (
        "early_stopping.enabled",
        "early_stopping.monitor",
        "early_stopping.patience",
        "early_stopping.min_delta",
        "early_stopping.start_from_epoch",
        "terminate_on_nan",
    ),
    "kept": (
        "checkpoints.monitor",
        "checkpoints.every",
        "checkpoints.minutes",
        "logs.csv",
        "logs.tensorboard",
        "watch.samples",
        "watch.statistics",
        "watch.doctor",
    ),
    "computing": ("device", "executor", "precision", "jit", "deterministic", "seed"),
}
"""The settings of each part that opens, in order."""
MORE: dict[str, tuple[str, ...]] = {
    "optimizer": ("optimizer_params",),
    "loss": ("loss_params",),
    "rate": ("schedule.params", *PARTS["plateau"]),
    "classes": ("class_weight",),
    "outputs": ("outputs",),
    "phases": ("phases",),
}
"""Further settings of a part, which have editors of their own."""
NEEDS = {
    "reduce_on_plateau": "reduce_on_plateau.enabled",
    "early_stopping": "early_stopping.enabled",
    "averaging": "averaging.enabled",
}
"""The groups whose settings matter only where one of them is on."""
LABELS = {
    "schedule.name": "Schedule",
    "schedule.warmup_epochs": "Warm-up",
    "reduce_on_plateau.enabled": "On a plateau",
    "reduce_on_plateau.min_delta": "Least gain",
    "reduce_on_plateau.min_lr": "Lowest rate",
    "early_stopping.min_delta": "Least gain",
    "early_stopping.monitor": "Figure",
    "reduce_on_plateau.monitor": "Figure",
    "checkpoints.monitor": "Best by",
    "averaging.enabled": "Average",
    "early_stopping.enabled": "Stop early",
    "terminate_on_nan": "Stop on NaN",
    "gradients.clip": "Clip",
    "gradients.clip_at": "Clip at",
    "logs.csv": "CSV log",
    "logs.tensorboard": "TensorBoard",
    "jit": "XLA",
    "class_weights": "Class weights",
    "checkpoints.every": "Keep every",
    "checkpoints.minutes": "Save within",
}
UNITS = {
    "schedule.warmup_epochs": "epochs",
    "checkpoints.every": "epochs",
    "checkpoints.minutes": "minutes",
    "gradients.accumulate": "batches",
}


class PlanPanel(Panel):
    """A form over `project.training`; what the chosen optimizer, schedule and loss do not have is not shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=0)
        self.session = session
        self._devices: tuple[str, ...] = (AUTO, "cpu")
        self.forms: dict[str, SettingsForm] = {}
        self.folds: dict[str, Fold] = {}
        self.form = self._settings("usual", USUAL)
        self.metrics = MetricsChoice(TrainingSettings.model_fields["metrics"].description or "")
        self.metrics.chosen.connect(self._choose_metrics)
        self.optimizer = self._objects("optimizer_params")
        self.loss = self._objects("loss_params")
        self.schedule = self._objects("schedule.params")
        self.weights = self._objects("class_weight", explained=False)
        self.curve = RateCurve()
        self.outputs = OutputsEditor()
        self.outputs.changed.connect(lambda value, key: self._do("outputs", self.tr("outputs"), value, key))
        self.phases = PhasesEditor()
        self.phases.changed.connect(lambda value, key: self._do("phases", self.tr("stages"), value, key))
        self.note = Caption("")
        self.note.hide()
        self._lay_out()
        session.changed.connect(self._project_changed)
        session.opened.connect(self.refresh)
        session.engine_changed.connect(self._find_devices)
        self.refresh()

    def _lay_out(self) -> None:
        scroll = Scroll(margin=S4, spacing=S3)
        for usual in (Heading(self.tr("Plan")), self.note, self.form, self.metrics):
            scroll.body.addWidget(usual)
        parts: dict[str, tuple[str, list[QWidget]]] = {
            "optimizer": ("", [self.optimizer]),
            "loss": ("", [self.loss]),
            "rate": (self.tr("Learning rate over the run"), [self.curve]),
            "gradients": (self.tr("Gradients and average"), []),
            "classes": (self.tr("Classes that count more"), []),
            "outputs": (self.tr("Outputs"), [self.outputs]),
            "phases": (self.tr("Stages and frozen layers"), [self.phases]),
            "end": (self.tr("When it ends"), []),
            "kept": (self.tr("What is kept and watched"), []),
            "computing": (self.tr("How it computes"), []),
        }
        for name, (title, widgets) in parts.items():
            fold = self.folds[name] = Fold(title, name)
            for widget in widgets:
                fold.body.addWidget(widget)
            if name in PARTS:
                fold.body.addWidget(self._settings(name, PARTS[name]))
            scroll.body.addWidget(fold)
        for form in (self.schedule, self._settings("plateau", PARTS["plateau"])):
            self.folds["rate"].body.addWidget(form)
        self.folds["classes"].body.addWidget(self.weights)
        scroll.body.addStretch(1)
        self.body.addWidget(scroll)

    def _settings(self, name: str, paths: Sequence[str]) -> SettingsForm:
        form = self.forms[name] = SettingsForm(TrainingSettings, only=paths)
        for path in paths:
            if path in LABELS or path in UNITS:
                param = form.settings[path].param
                label, unit = LABELS.get(path, param.label), UNITS.get(path, "")
                form.set_override(path, dataclasses.replace(param, label=label, unit=unit))
        form.changed.connect(functools.partial(self._edit, form))
        return form

    def _objects(self, path: str, *, explained: bool = True) -> ParamForm:
        form = ParamForm(explained=explained)
        form.edited.connect(functools.partial(self._edit_object, form, path))
        return form

    def refresh(self) -> None:
        """Show the open project's plan."""
        project = self.session.project
        settings = project.training
        self._fit_choices(project)
        self._show_objects(project)
        for form in self.forms.values():
            form.set_values(settings)
            for row in form.rows.values():
                # Else a row asks for its height at a width that the panel does not have, and its sentence is cut.
                row.setMinimumWidth(LEAST_ROW)
        self.metrics.show_names(settings.metrics)
        self._show_needed(settings)
        self._show_drawing(project)
        self.curve.show_plan(project)
        for name, fold in self.folds.items():
            fold.set_count(count_set(settings, (*PARTS.get(name, ()), *MORE.get(name, ()))))

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
        told = self.tr("'auto' takes the one that fits the task: {name}.").format(name=losses[0].title)
        words = loss.doc if training.loss != AUTO else f"{loss.doc} {told}"
        self._offer("loss", losses, words, first=((AUTO, self.tr("Automatic")),))
        optimizer, schedule = optimizer_spec(training.optimizer), schedule_spec(training.schedule.name)
        if optimizer is not None:
            self._offer("optimizer", optimizers(), optimizer.doc)
        if schedule is not None:
            self._offer("schedule.name", schedules(), schedule.doc)
        for path in figures.PATHS:
            chosen: str = getattr(training, path.partition(".")[0]).monitor
            names, titles = zip(*figures.choices(project, chosen), strict=True)
            self._override(path, names, titles)
        self._offer_devices(self._devices)

    def _offer(
        self,
        path: str,
        specs: Sequence[LossSpec | ObjectSpec],
        words: str,
        first: tuple[tuple[str, str], ...] = (),
    ) -> None:
        pairs = (*first, *((spec.name, spec.title) for spec in specs))
        self._override(path, tuple(name for name, _ in pairs), tuple(title for _, title in pairs), words)

    def _override(self, path: str, choices: tuple[str, ...], labels: tuple[str, ...], words: str = "") -> None:
        form = next(form for form in self.forms.values() if path in form.settings)
        param = form.settings[path].param
        label = LABELS.get(path, param.label)
        doc = words or param.doc
        form.set_override(
            path, dataclasses.replace(param, kind="choice", choices=choices, labels=labels, doc=doc, label=label)
        )

    def _show_objects(self, project: Project) -> None:
        """Show the own settings of what is chosen."""
        settings, info = project.training, project.info
        optimizer = optimizer_spec(settings.optimizer)
        if optimizer is not None:
            self.optimizer.show_params(optimizer.params, settings.optimizer_params, optimizer.name)
            self.folds["optimizer"].set_title(self.tr("Settings of {name}").replace("{name}", optimizer.title))
        losses = losses_for(info.task, len(info.classes)) if info else ()
        loss = next((spec for spec in losses if settings.loss in (AUTO, spec.name)), None)
        params = loss.params if loss else ()
        self.loss.show_params(params, settings.loss_params, settings.loss)
        self.folds["loss"].set_title(self.tr("Settings of {name}").replace("{name}", loss.title if loss else ""))
        self.folds["loss"].setVisible(bool(params))
        schedule = schedule_spec(settings.schedule.name)
        self.schedule.show_params(schedule.params if schedule else (), settings.schedule.params, settings.schedule.name)
        classes = info.classes if info else ()
        self.weights.show_params([_weight(name) for name in classes], settings.class_weight, "\n".join(classes))
        self.weights.setVisible(settings.class_weights == "custom")
        self.folds["classes"].setVisible(bool(classes))

    def _show_drawing(self, project: Project) -> None:
        """Show what follows from the drawing: its outputs, and its layers that can be frozen."""
        outputs = tuple(node.name for node in project.graph.outputs)
        self.outputs.show_plan(project.training, outputs, project.info)
        self.folds["outputs"].setVisible(len(outputs) > 1 and project.info is not None)
        self.phases.show_plan(project.training, freezable(project.graph), all_but_the_last(project.graph))

    def _show_needed(self, settings: TrainingSettings) -> None:
        on = {
            "reduce_on_plateau": settings.reduce_on_plateau.enabled,
            "early_stopping": settings.early_stopping.enabled,
            "averaging": settings.averaging.enabled,
        }
        for form in self.forms.values():
            for path in form.settings:
                group = path.partition(".")[0]
                if group in NEEDS and path != NEEDS[group]:
                    form.set_row_visible(path, on[group])
        self.forms["gradients"].set_row_visible("gradients.clip_at", settings.gradients.clip != "off")
        self.form.set_row_visible("epochs", not settings.phases)

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
        self._override("device", self._devices, ())

    def _project_changed(self, before: Project, after: Project) -> None:
        if before.training != after.training or before.info != after.info:
            self.refresh()
        elif before.graph is not after.graph:
            self._show_drawing(after)

    def _choose_metrics(self, names: tuple[str, ...]) -> None:
        settled = settled_metrics(self.session.project.training.metrics, names)
        self._do("metrics", self.tr("metrics"), settled)
        self.metrics.show_names(self.session.project.training.metrics)

    def _edit(self, form: SettingsForm, changes: dict[str, Any]) -> None:
        for path, value in changes.items():
            shown = LABELS.get(path, form.settings[path].param.title).lower()
            self._do(path, shown, value, form.merge_key)

    def _edit_object(self, form: ParamForm, path: str, name: str, value: Any) -> None:
        record: Any = self.session.project.training.model_dump(mode="json")
        for step in path.split("."):
            record = record[step]
        given = {**record, name: value}
        shown = form.rows[name].param.title.lower()
        kept = {key: one for key, one in given.items() if one is not ...}
        self._do(path, shown, kept, f"{path}:{name}:{form.visit}")

    def is_whole(self) -> bool:
        """Whether all that stands in the fields is the plan; if not, say what of it is refused, and lead there."""
        rows = self.findChildren(FormRow)
        refused = next((row for row in rows if row.isVisibleTo(self) and row.message.text()), None)
        if refused is None:
            return True
        self.session.noticed.emit("warning", refused.message.text(), self.tr("Mend it in the plan, then train."))
        refused.field.setFocus()
        return False

    def _do(self, path: str, shown: str, value: Any, key: str = "") -> None:
        label = self.tr("Change {setting}").format(setting=shown)
        self.session.do(label, functools.partial(_set, path, value), merge=key or None)


def _set(path: str, value: Any, project: Project) -> Project:
    return with_setting(project, path, value)


def _weight(name: str) -> Param:
    return Param(name, "number", 1.0, doc=f"How much {name} counts; 1 as it is.", minimum=0, label=name)
