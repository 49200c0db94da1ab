"""The Model page: palette, canvas, inspector."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.actions import Action
from ui.canvas.commands import bindings
from ui.canvas.editor import CanvasEditor
from ui.canvas.facts import ModelFacts
from ui.canvas.keys import Binding
from ui.canvas.menu import context_menu
from ui.canvas.scene import CanvasScene
from ui.canvas.view import CanvasView
from ui.pages.base import Page
from ui.pages.model_empty import EmptyCanvas
from ui.pages.model_header import ModelHeader
from ui.pages.model_inspector import Inspector
from ui.pages.model_overlays import Overlays
from ui.pages.model_palette import LayerPalette
from ui.pages.model_presets import apply_preset
from ui.pages.model_tools import CanvasTools
from ui.session import Session
from workbench.project.presets import Preset, architectures


class ModelPage(Page):
    """Where the architecture is drawn."""

    name: ClassVar[str] = "model"
    title: ClassVar[str] = "Model"
    icon: ClassVar[str] = "workflow"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.facts = ModelFacts(session, self)
        self.canvas = CanvasScene(session, self.facts, self)
        self.editor = CanvasEditor(session, self.canvas, self)
        self.view = CanvasView(self.canvas, self.editor)
        self.palette_panel = LayerPalette()
        self.header = ModelHeader(session, self.facts)
        self.inspector = Inspector(session, self.facts, self.editor)
        self.empty = EmptyCanvas(session, self.view)
        self.tools = CanvasTools(self.view)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.view, 1)
        self.set_panels(self.palette_panel, centre, self.inspector)

        self.palette_panel.chosen.connect(self.editor.add_after_selection)
        self.palette_panel.block_chosen.connect(self.editor.blocks.insert)
        self.palette_panel.block_unwanted.connect(self.editor.blocks.forget)
        self.editor.blocks.changed.connect(self.palette_panel.refill)
        self.canvas.picked.connect(self.inspector.show_selection)
        self.canvas.picked.connect(self._reveal_new)
        self.header.node_wanted.connect(self.view.show_node)
        self.header.repair_wanted.connect(self.editor.repair)
        self.inspector.repair_wanted.connect(self.editor.repair)
        self.view.rename_wanted.connect(self.inspector.focus_name)
        self.view.menu_wanted.connect(self._menu_wanted)
        self.facts.changed.connect(self._show_dot)
        self.overlays = Overlays(self)
        self._show_dot()

    def shown(self) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reveal_new(self, nodes: list[str]) -> None:
        if len(nodes) == 1 and self.view.gesture is None:
            self.view.reveal(nodes[0])

    def _show_dot(self) -> None:
        only_ends = len(self.session.project.graph.nodes) <= 2
        if self.facts.ready:
            self.set_dot("ready")
        else:
            self.set_dot("attention" if self.facts.errors and not only_ends else "none")

    def actions_here(self) -> list[Action]:
        drawn = [self._action(binding) for binding in bindings()]
        return drawn + self.overlays.actions() + [self._preset_action(preset) for preset in architectures()]

    def _action(self, binding: Binding) -> Action:
        def reason() -> str | None:
            if binding.needs_selection and not self.view.has_selection:
                return self.tr("Select a layer on the canvas first.")
            return None

        return Action(
            id=binding.id,
            title=binding.title,
            run=lambda: binding.command(self.view),
            menu="model",
            shortcut=binding.keys[0] if binding.everywhere else None,
            icon=binding.icon,
            reason=reason,
            words="" if binding.everywhere or not binding.keys else binding.keys[0],
            group=2 if "zoom" in binding.id or binding.id == "model.fit" else 1,
        )

    def _preset_action(self, preset: Preset) -> Action:
        def reason() -> str | None:
            info = self.session.project.info
            fits = info is None or preset.suits.fits(info)
            return None if fits else self.tr("This architecture is for other data.")

        return Action(
            id=f"model.preset.{preset.name}",
            title=self.tr("Architecture: %1").replace("%1", preset.title),
            run=lambda: apply_preset(self.session, preset),
            menu="model",
            icon="layers",
            reason=reason,
            words=preset.description,
            group=3,
            listed=preset.paper is None,
        )

    def _menu_wanted(self, point: QPoint) -> None:
        context_menu(self.view).popup(point)
