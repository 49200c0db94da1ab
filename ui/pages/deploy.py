"""The Deploy page: choose a run and a format, export, and see the proof and the code that uses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QFileDialog, QStackedWidget

from ui.actions import Action
from ui.pages.base import Page
from ui.pages.deploy_certificate import CertificateCard
from ui.pages.deploy_code import CodeCard
from ui.pages.deploy_earlier import EarlierExports
from ui.pages.deploy_facts import ExportFacts, list_exports, read_facts, remember_export
from ui.pages.deploy_formats import FormatCards
from ui.pages.deploy_snippet import Sample, sample_of
from ui.pages.train.progress import main_figure, metric_title
from ui.plots.words import figure
from ui.session import Session
from ui.tasks import Task
from ui.theme import S4, S5
from ui.training import Training
from ui.widgets import EmptyState, Field, PrimaryButton, ProgressRow, Scroll, Title, row, set_reason
from workbench.catalog.formats import FormatSpec
from workbench.core.errors import ExportError, WorkbenchError
from workbench.project.model import RunRecord
from workbench.runs import store

MOST_WIDE = 880

Chooser = Callable[[FormatSpec, Path], Path | None]


class DeployPage(Page):
    """Exports a run's best model and shows what the export proved.

    `choose_path` asks where to export to: given the format and a suggestion, it returns a path, or None for no export.
    """

    name = "deploy"
    title = "Deploy"
    icon = "package"

    def __init__(self, session: Session, training: Training) -> None:
        super().__init__(session)
        self.training = training
        self.choose_path: Chooser = self._ask_path
        self._task: Task | None = None
        self._last_folder = Path.home()
        self._runs: list[RunRecord] = []
        self.button = PrimaryButton(self.tr("Export"), "package")
        self.button.setObjectName("export_button")
        self.button.setToolTip(self.tr("Choose where to, then export and verify"))
        self.button.clicked.connect(self.export)
        self.run_choice = QComboBox()
        self.run_choice.setObjectName("export_run")
        self.formats = FormatCards()
        self.progress = ProgressRow("")
        self.progress.setObjectName("export_progress")
        self.progress.hide()
        self.certificate = CertificateCard()
        self.code = CodeCard()
        self.earlier = EarlierExports()
        self.earlier.chosen.connect(self._show_export)
        self.empty = EmptyState("package", "", "", self.tr("Go to Train"), lambda: session.page_wanted.emit("train"))
        self._lay_out()
        session.opened.connect(self._project_opened)
        session.engine_changed.connect(self.refresh)
        training.runs_changed.connect(self.refresh)
        training.state_changed.connect(self.refresh)
        self._project_opened()

    def _lay_out(self) -> None:
        scroll = Scroll(margin=S5, spacing=S4)
        inner = scroll.widget()
        assert inner is not None, "a Scroll holds a widget from the start"
        inner.setMaximumWidth(MOST_WIDE)
        run = Field(self.tr("Run"), self.run_choice, self.tr("Its best epoch is exported."))
        scroll.body.addLayout(row(Title(self.tr("Deploy")), None, self.button))
        for widget in (run, self.formats, self.progress, self.certificate, self.code):
            scroll.body.addWidget(widget)
        scroll.body.addStretch(1)
        self.middle = QStackedWidget()
        self.middle.addWidget(self.empty)
        self.middle.addWidget(scroll)
        self.set_panels(None, self.middle, self.earlier)

    # State

    @property
    def run(self) -> str | None:
        """The run that is chosen."""
        run: str | None = self.run_choice.currentData()
        return run

    @property
    def is_exporting(self) -> bool:
        """Whether an export is at work."""
        return self._task is not None

    def refresh(self) -> None:
        """Follow the runs and the engine."""
        folder = self.session.folder
        usable = [
            record
            for record in (self.training.runs() if folder else [])
            if folder and store.best_model(folder, record.run).exists()
        ]
        if [record.run for record in usable] != [record.run for record in self._runs] or usable != self._runs:
            self._runs = usable
            self._fill_runs()
        self.middle.setCurrentIndex(1 if usable else 0)
        self.earlier.setVisible(bool(usable))
        if not usable:
            self._say_empty()
        set_reason(self.button, self.why_not())
        self.set_dot("running" if self.is_exporting else "ready" if self.earlier.count else "none")

    def why_not(self) -> str | None:
        """Why nothing can be exported now, or None when it can."""
        if not self._runs:
            return self.tr("There is no trained run yet.")
        if self.is_exporting:
            return self.tr("An export is at work.")
        return None

    def _say_empty(self) -> None:
        if self.session.is_open:
            words = self.tr("Train the model first; its best epoch is what is exported.")
            self.empty.set(self.tr("There is no trained run yet"), words)
        else:
            self.empty.set(self.tr("No project is open"), self.tr("Open a project, train it, then export it here."))

    def _fill_runs(self) -> None:
        chosen = self.run
        self.run_choice.clear()
        for record in reversed(self._runs):
            name = main_figure(record.metrics)
            told = f" · {metric_title(name)} {figure(record.metrics[name])}" if name else ""
            self.run_choice.addItem(f"{record.run}{told}", record.run)
        place = self.run_choice.findData(chosen)
        self.run_choice.setCurrentIndex(max(place, 0))

    def _project_opened(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._runs = []
        self.certificate.hide()
        self.code.hide()
        self._list_earlier()
        self.refresh()

    def _list_earlier(self) -> None:
        folder = self.session.folder
        self.earlier.show_exports(list_exports(folder) if folder else [])

    # Exporting

    def export(self) -> None:
        """Ask where to, then export the chosen run in the chosen format."""
        run, spec = self.run, self.formats.chosen
        if run is None or self.why_not() is not None:
            return
        suggestion = self._last_folder / f"{self.session.project.name}-{run}{spec.suffix}"
        path = self.choose_path(spec, suggestion)
        if path is not None:
            self._last_folder = path.parent
            self._start(run, spec, path)

    def _start(self, run: str, spec: FormatSpec, path: Path) -> None:
        folder = self.session.folder
        assert folder is not None, "a run stands in a folder"
        dataset = self.session.dataset
        if dataset is not None and dataset.spec != self.session.project.dataset:
            dataset = None

        def work(token: Any, progress: Any) -> ExportFacts:
            from workbench.engine.export import export_run

            made = export_run(
                folder, format=spec.name, out=path, run=run, dataset=dataset, progress=progress, cancel=token
            )
            facts = read_facts(Path(made.path), Path(made.manifest))
            if facts is None:
                raise ExportError("An export must have a whole manifest.", str(made.manifest), "Export again.")
            remember_export(folder, facts.path, facts.manifest)
            return facts

        def exported(facts: ExportFacts) -> None:
            if self.session.folder == folder:
                self._show_export(facts)
                self._list_earlier()

        def failed(error: WorkbenchError) -> None:
            if self.session.folder == folder:
                self.certificate.show_failure(error)

        self.certificate.hide()
        self.code.hide()
        self._task = self.session.run_task(self.tr("Exporting {run}").format(run=run), work, exported, failed)
        self._task.ended.connect(self._ended)
        self.progress.follow(self._task)
        self.refresh()

    def _ended(self) -> None:
        self._task = None
        self.refresh()

    def _show_export(self, facts: ExportFacts) -> None:
        self.certificate.show_facts(facts)
        self.code.show_export(facts, self._sample())

    def _sample(self) -> Sample:
        dataset = self.session.dataset
        picture = None
        if dataset is not None and dataset.info.kind == "image":
            rows = dataset.part("test").index
            picture = dataset.raw_source(int(rows[0])) if len(rows) else None
        return sample_of(self.session.project.info, picture)

    def _ask_path(self, spec: FormatSpec, suggestion: Path) -> Path | None:
        title = self.tr("Export to a new folder") if spec.is_folder else self.tr("Export to a file")
        chosen, _ = QFileDialog.getSaveFileName(self, title, str(suggestion), f"*{spec.suffix}" if spec.suffix else "")
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix == spec.suffix or spec.is_folder else path.with_name(path.name + spec.suffix)

    def actions_here(self) -> list[Action]:
        """What can be done on this page, by menu, palette and keyboard."""
        title = self.tr("Export a run…")
        return [Action("deploy.export", title, self.export, "deploy", "Ctrl+E", "package", self.why_not)]
