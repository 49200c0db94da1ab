"""What lies over the Model page's canvas: the overview, the field to find a node, and their actions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from ui.actions import Action
from ui.canvas.find import FindBar, zoom_to
from ui.canvas.ghost import RepairPreview
from ui.canvas.heat import Heat, HeatLegend
from ui.canvas.minimap import Minimap
from ui.canvas.publish import publish
from ui.canvas.sample import Samples
from ui.canvas.words import counted
from ui.dialogs import paths
from ui.pages.model_code import CodePanel
from ui.pages.model_compare import ComparePanel
from ui.pages.model_sample import SampleBar, SamplePanel
from ui.pages.model_tips import NodeTips
from ui.preferences import Preferences
from ui.widgets import IconButton, QuietButton
from workbench.core.cancel import CancelToken
from workbench.core.errors import WorkbenchError
from workbench.graph.problems import Repair

if TYPE_CHECKING:
    from ui.pages.model import ModelPage
    from workbench.engine.mend import Mended


class Overlays(QObject):
    """Made by the page after its parts; `actions` are listed among the page's own."""

    def __init__(self, page: ModelPage) -> None:
        super().__init__(page)
        self.page = page
        self.minimap = Minimap(page.view)
        self.find = FindBar(page.view)
        self.preview = RepairPreview(page.view)
        self.heat = Heat(page.view)
        self.legend = HeatLegend(page.view, self.heat)
        self.tips = NodeTips(page)
        self.samples = Samples(page.view)
        self.sample_bar = SampleBar(page.view, self.samples)
        self.sample_bar.stand_below(self.legend)
        self.sample_panel = SamplePanel(self.samples)
        page.inspector.put_first(self.sample_panel)
        page.canvas.picked.connect(self.sample_panel.show_nodes)
        self.code = CodePanel(page.session)
        self.code.close_button.clicked.connect(self.toggle_code)
        self.compare = ComparePanel(page.session)
        self.compare.node_wanted.connect(page.view.show_node)
        self.compare.close_button.clicked.connect(self.toggle_compare)
        centre = page.view.parentWidget()
        column = centre.layout() if centre is not None else None
        if column is not None:
            column.addWidget(self.code)
            column.addWidget(self.compare)
        if centre is not None:
            centre.installEventFilter(self)
        self._recalled = False
        self._show_repairs_before()
        self._heat_button = IconButton("flame", self.tr("Show where the cost sits"), size=16)
        self._heat_button.setObjectName("heat_button")
        self._heat_button.setCheckable(True)
        self._heat_button.clicked.connect(self.toggle_heat)
        self.heat.changed.connect(lambda: self._heat_button.setChecked(self.heat.measure is not None))
        page.header.add_button(self._heat_button)
        self._sample_button = IconButton("scan-eye", self.tr("Show what a sample becomes after each layer"), size=16)
        self._sample_button.setObjectName("sample_button")
        self._sample_button.setCheckable(True)
        self._sample_button.clicked.connect(self.toggle_sample)
        self.samples.changed.connect(lambda: self._sample_button.setChecked(self.samples.on))
        page.header.add_button(self._sample_button)
        self._code_button = IconButton("code", self.tr("Show the model as code"), size=16)
        self._code_button.setObjectName("code_button")
        self._code_button.setCheckable(True)
        self._code_button.clicked.connect(self.toggle_code)
        page.header.add_button(self._code_button)
        page.installEventFilter(self)

    # Repairs, shown before they are made

    def _show_repairs_before(self) -> None:
        header, panel = self.page.header, self.page.inspector.node_panel
        header.problems.tell_deeds(self.preview.words)
        header.problems.row_made.connect(lambda button, repair: self.preview.watch(button, lambda: repair))
        header.problems.all_wanted.connect(self.mend_all)
        self.preview.watch(header.fix, lambda: header.first.repair if header.first is not None else None)
        fix = panel.findChild(QuietButton, "node_fix_button")
        if fix is not None:
            self.preview.watch(fix, lambda: self._repair_of(panel.node_id))
        self.preview.told.connect(header.tell)

    def _repair_of(self, node: str | None) -> Repair | None:
        problem = self.page.facts.problem_of(node or "")
        return problem.repair if problem is not None else None

    def mend_all(self) -> None:
        """Make every evident repair, each checked before the next, as one edit."""
        session = self.page.session
        project = session.project

        def work(token: CancelToken, progress: object) -> Mended:
            from workbench.engine.mend import mend

            return mend(project, token)

        def answered(mended: Mended) -> None:
            if session.project.graph != project.graph:
                return
            label = counted(len(mended.done), self.tr("Apply a fix"), self.tr("Apply %1 fixes"))
            session.edit_graph(label, lambda _: mended.graph)

        session.run_task(self.tr("Mending the drawing"), work, answered)

    # What is remembered

    @property
    def _preferences(self) -> Preferences | None:
        return self.page.window().findChild(Preferences)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and not self._recalled:
            self._recalled = True
            preferences = self._preferences
            if preferences is not None:
                self.minimap.set_wanted(preferences.settings.minimap)
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget) and watched is not self.page:
            # What lies under the canvas leaves it more than half.
            for panel in (self.code, self.compare):
                panel.set_room(round(0.45 * watched.height()))
        return super().eventFilter(watched, event)

    # What can be done

    def toggle_minimap(self) -> None:
        """Show the overview where it helps, or never; the choice is remembered."""
        wanted = not self.minimap.wanted
        self.minimap.set_wanted(wanted)
        preferences = self._preferences
        if preferences is not None:
            preferences.update(minimap=wanted)

    def toggle_heat(self) -> None:
        """Tint the layers by their cost, or no longer."""
        self.heat.set_measure("flops" if self.heat.measure is None else None)

    def toggle_sample(self) -> None:
        """Show what a sample becomes after each layer, or no longer."""
        self.samples.turn(not self.samples.on)

    def toggle_code(self) -> None:
        """Show the drawing as code under the canvas, or no longer."""
        self.compare.turn(False)
        self.code.turn(self.code.isHidden())
        self._code_button.setChecked(not self.code.isHidden())

    def toggle_compare(self) -> None:
        """Show the drawing beside another under the canvas, or no longer."""
        wanted = self.compare.isHidden()
        if wanted and not self.code.isHidden():
            self.toggle_code()
        self.compare.turn(wanted)
        if wanted and self.compare.difference is None:
            self.compare.offer()

    def compare_with_last_run(self) -> None:
        """Show what was changed since the newest run."""
        if not self.code.isHidden():
            self.toggle_code()
        self.compare.turn(True)
        self.compare.sources.take_run(self.compare.sources.runs()[-1].run)

    def zoom_to_selection(self) -> None:
        """Bring what is selected into the middle of the view; the whole drawing where nothing is."""
        selection = self.page.canvas.selection()
        if selection:
            zoom_to(self.page.view, selection)
        else:
            self.page.view.fit()

    def publish(self) -> None:
        """Write the drawing as a picture to a file that the user names."""
        session = self.page.session
        path = paths.choose_picture_file(self.page.window(), session.project.name)
        if path is not None:
            self.publish_to(path)

    def publish_to(self, path: Path) -> None:
        """Write the drawing as a picture; its ending says which kind."""
        try:
            publish(self.page.canvas, path)
        except WorkbenchError as error:
            self.page.session.tell("error", error)
        else:
            words = self.tr("The drawing was published as %1.").replace("%1", path.name)
            self.page.session.noticed.emit("info", words, str(path.parent))

    def actions(self) -> list[Action]:
        """What the overlays add to the menus and the command palette."""
        return [
            Action(
                "model.find",
                self.tr("Find a layer…"),
                self.find.open_bar,
                "model",
                "Ctrl+F",
                "search",
                words="search node go to",
                group=2,
            ),
            Action(
                "model.zoom_selection",
                self.tr("Zoom to the selection"),
                self.zoom_to_selection,
                "model",
                "Ctrl+9",
                "focus",
                group=2,
            ),
            Action(
                "model.minimap",
                self.tr("Overview in the corner"),
                self.toggle_minimap,
                "model",
                None,
                "scan",
                checked=lambda: self.minimap.wanted,
                words="minimap map navigator",
                group=2,
            ),
            Action(
                "model.heat",
                self.tr("Show where the cost sits"),
                self.toggle_heat,
                "model",
                "Ctrl+Shift+H",
                "flame",
                checked=lambda: self.heat.measure is not None,
                words="heat flops parameters memory cost",
                group=2,
            ),
            Action(
                "model.sample",
                self.tr("Show what a sample becomes after each layer"),
                self.toggle_sample,
                "model",
                "Ctrl+Shift+A",
                "scan-eye",
                checked=lambda: self.samples.on,
                words="activations feature maps example intermediate",
                group=2,
            ),
            Action(
                "model.code",
                self.tr("Show the model as code"),
                self.toggle_code,
                "model",
                "Ctrl+Shift+K",
                "code",
                checked=lambda: not self.code.isHidden(),
                words="python keras script edit",
                group=2,
            ),
            Action(
                "model.copy_code",
                self.tr("Copy as Keras code"),
                self.code.copy,
                "model",
                None,
                "clipboard-copy",
                words="python script clipboard",
                group=4,
            ),
            Action(
                "model.publish",
                self.tr("Publish the drawing…"),
                self.publish,
                "model",
                None,
                "image",
                words="export picture svg pdf png figure",
                group=4,
            ),
            Action(
                "model.compare",
                self.tr("Compare with…"),
                self.toggle_compare,
                "model",
                None,
                "columns-3",
                checked=lambda: not self.compare.isHidden(),
                words="difference diff architecture run project model keras",
                group=4,
            ),
            Action(
                "model.compare_run",
                self.tr("Compare with the newest run"),
                self.compare_with_last_run,
                "model",
                None,
                "history",
                reason=lambda: None if self.compare.sources.runs() else self.tr("Train the model first."),
                words="difference diff changed since",
                group=4,
            ),
        ]
