"""What lies over the Model page's canvas: the overview, the field to find a node, and their actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject

from ui.actions import Action
from ui.canvas.find import FindBar, zoom_to
from ui.canvas.minimap import Minimap
from ui.preferences import Preferences

if TYPE_CHECKING:
    from ui.pages.model import ModelPage


class Overlays(QObject):
    """Made by the page after its parts; `actions` are listed among the page's own."""

    def __init__(self, page: ModelPage) -> None:
        super().__init__(page)
        self.page = page
        self.minimap = Minimap(page.view)
        self.find = FindBar(page.view)
        self._recalled = False
        page.installEventFilter(self)

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
        return super().eventFilter(watched, event)

    # What can be done

    def toggle_minimap(self) -> None:
        """Show the overview where it helps, or never; the choice is remembered."""
        wanted = not self.minimap.wanted
        self.minimap.set_wanted(wanted)
        preferences = self._preferences
        if preferences is not None:
            preferences.update(minimap=wanted)

    def zoom_to_selection(self) -> None:
        """Bring what is selected into the middle of the view; the whole drawing where nothing is."""
        selection = self.page.canvas.selection()
        if selection:
            zoom_to(self.page.view, selection)
        else:
            self.page.view.fit()

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
        ]
