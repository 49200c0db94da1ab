"""The window: rail, header, pages and status bar, and the ways between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QByteArray, QCoreApplication, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ui.actions import ActionRegistry
from ui.command_palette import CommandPalette
from ui.drops import DropVeil, dropped_path
from ui.files_flow import FileFlow
from ui.header import Header
from ui.logs import log_folder
from ui.menus import Menus
from ui.pages.base import Page
from ui.palette_entries import palette_entries
from ui.preferences import Preferences
from ui.rail import Rail
from ui.session import Session
from ui.shelf import STAGES, Shelf
from ui.spares import SpareKeeper
from ui.status import StatusBar
from ui.theme import apply_theme
from ui.toasts import Deed, ToastStack
from ui.training import Training
from ui.widgets import IconButton
from ui.window_actions import window_actions
from ui.yielding import go_first
from workbench.core.errors import WorkbenchError
from workbench.graph import edits
from workbench.project import store

Side = Literal["left", "right"]
USUAL_SIZE, LEAST_SIZE = QSize(1440, 900), QSize(1000, 640)
FRAME = QSize(8, 40)
"""What a window manager puts around it, about: known only once the window is shown."""


class MainWindow(QMainWindow):
    """Everything the user sees. `pages` makes a page when it is first asked for."""

    first_painted = Signal()

    def __init__(self, session: Session | None = None) -> None:
        super().__init__()
        self.session = session or Session(self)
        self.training = Training(self.session, self)
        self.spares = SpareKeeper(self.training, self)
        self.preferences = Preferences(self)
        self.files = FileFlow(self, self.session, self.preferences)
        self.files.training = self.training
        self.stages = {name: QCoreApplication.translate("Page", title) for name, title, _, _ in STAGES}
        self.current = ""
        self._painted = False
        go_first()
        self.stack = QStackedWidget(self)
        self.pages = Shelf(self, self._add_page)
        self.actions_ = ActionRegistry(self)
        self.actions_.add(window_actions(self))
        self.menus = Menus(self, self.actions_, lambda: self.files.recents, self.files.open_folder)
        self._build()
        self._connect()
        self.show_page("start")

    # Building

    def _build(self) -> None:
        menu_button = IconButton("menu", self.tr("Menu"), self)
        menu_button.setObjectName("menu_button")
        menu_button.setShortcut("F10")
        menu_button.clicked.connect(
            lambda: self.menus.top.popup(menu_button.mapToGlobal(menu_button.rect().bottomLeft()))
        )
        self.rail = Rail(menu_button, self)
        for number, (name, title) in enumerate(self.stages.items(), start=1):
            self.rail.add(name, title, self.page_icon(name), f"Ctrl+{number}")
        self.header = Header(self.session, self.actions_, self)
        self.status = StatusBar(self.session, self)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.header)
        right.addWidget(self.stack, 1)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self.rail)
        upper.addLayout(right, 1)
        ground = QWidget(self)
        whole = QVBoxLayout(ground)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(upper, 1)
        whole.addWidget(self.status)
        self.setCentralWidget(ground)
        self.toasts = ToastStack(self)
        self.palette_ = CommandPalette(self, lambda: palette_entries(self))
        self.veil = DropVeil(self)
        self.setAcceptDrops(True)
        self.setMinimumSize(LEAST_SIZE)
        room = self.screen().availableGeometry().size() - FRAME
        self.resize(USUAL_SIZE.boundedTo(room).expandedTo(LEAST_SIZE))
        self.restoreGeometry(QByteArray.fromBase64(self.preferences.settings.geometry.encode()))

    def _connect(self) -> None:
        session = self.session
        session.noticed.connect(self.notify)
        session.takeback_offered.connect(self._offer_takeback)
        session.dataset_failed.connect(self._data_failed)
        self.training.broken_off.connect(self._offer_resume)
        session.page_wanted.connect(self.show_page)
        session.layer_wanted.connect(self.show_layer)
        session.opened.connect(self._opened)
        session.state_changed.connect(self._refresh)
        self.rail.chosen.connect(self.show_page)
        self.status.problems_wanted.connect(lambda: self.show_page("model"))
        self.preferences.changed.connect(self._wear)
        self.toasts.still = self.preferences.settings.reduced_motion
        self._refresh()

    def _add_page(self, page: Page) -> None:
        self.stack.addWidget(page)
        self.actions_.add(page.actions_here(), page)
        self.menus.build()
        page.dot_changed.connect(lambda: self._show_dot(page))
        self._show_dot(page)
        if page.splitter is not None:
            self._recall(page)

    def make_pages(self) -> None:
        """Make the pages that are not there yet, one a turn of the event loop."""
        name = self.pages.next_missing()
        if name is not None:
            self.pages[name]
            QTimer.singleShot(0, self, self.make_pages)

    # Pages

    def show_page(self, name: str) -> None:
        """Bring a page to the front and the keyboard into it."""
        page = self.pages[name]
        if name == self.current:
            return
        if self.current:
            self.pages[self.current].hidden()
            self._remember(self.pages[self.current])
        self.current = name
        self.stack.setCurrentWidget(page)
        self.rail.mark(name)
        page.shown()
        if not page.isAncestorOf(QApplication.focusWidget() or self):
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.actions_.refresh()

    def page_icon(self, name: str) -> str:
        """The icon of a page."""
        return next((icon for stage, _, icon, _ in STAGES if stage == name), "house")

    def _show_dot(self, page: Page) -> None:
        button = self.rail.buttons.get(page.name)
        if button is not None:
            button.set_dot(page.dot)

    # Side panels

    def panel(self, side: Side) -> QWidget | None:
        """A side panel of the page in front."""
        page = self.pages.get(self.current)
        return None if page is None or page.splitter is None else getattr(page.splitter, side)

    def unfolded(self, side: Side) -> bool:
        """Whether a side panel is to be seen."""
        panel = self.panel(side)
        return panel is not None and not panel.isHidden()

    def fold(self, side: Side) -> None:
        """Fold a side panel of the page in front, or unfold it."""
        page = self.pages[self.current]
        if page.splitter is not None:
            page.splitter.toggle(self.panel(side))
            self._remember(page)

    def _layout_key(self, page: Page) -> str:
        return f"{self.session.folder or ''}|{page.name}"

    def _remember(self, page: Page) -> None:
        if page.splitter is not None and page.splitter.width() > 0:
            widths = tuple(page.splitter.memory())
            settings = self.preferences.settings.with_layout(f"|{page.name}", widths)
            self.preferences.set(settings.with_layout(self._layout_key(page), widths))

    def _recall(self, page: Page) -> None:
        layouts = self.preferences.settings.layouts
        widths = layouts.get(self._layout_key(page)) or layouts.get(f"|{page.name}")
        if widths and page.splitter is not None:
            page.splitter.recall(list(widths))

    # What the user asks for

    def run_action(self, name: str) -> None:
        """Do an action; a page's own brings its page to the front first."""
        menu = self.actions_.actions[name].menu
        if menu in self.stages:
            self.show_page(menu)
        self.actions_.run(name)

    def open_palette(self) -> None:
        """Show the command palette."""
        self.palette_.open()

    def pick(self, source: str) -> None:
        """Take a source as data and show it."""
        self.show_page("data")
        self.session.pick(source)

    def add_layer(self, layer: str) -> None:
        """Put a layer at the end of the stack and show it."""
        self.show_page("model")
        self.session.edit_graph(self.tr("Add {layer}").format(layer=layer), lambda graph: edits.append(graph, layer)[0])

    def show_layer(self, name: str) -> None:
        """Bring a layer to the front on the Model page."""
        from ui.pages.model import ModelPage

        page = self.pages["model"]
        self.show_page("model")
        node = next((node for node in self.session.project.graph.nodes if node.name == name), None)
        if isinstance(page, ModelPage) and node is not None:
            page.view.show_node(node.id)

    def notify(self, level: str, words: str, hint: str = "", deed: Deed | None = None) -> None:
        """Show a notice at the lower right."""
        self.toasts.show(level, words, hint, deed)

    def _offer_takeback(self, words: str, deed: Callable[[], object]) -> None:
        self.notify("info", words, "", (self.tr("Undo"), deed))

    def show_preferences(self) -> None:
        """Open the preferences."""
        from ui.dialogs.preferences import PreferencesDialog

        dialog = PreferencesDialog(self.preferences, self)
        dialog.exec()
        dialog.deleteLater()

    def show_devices(self) -> None:
        """Open what is known of the devices."""
        from ui.dialogs.devices import DevicesDialog

        dialog = DevicesDialog(self.session, self)
        dialog.exec()
        dialog.deleteLater()

    def show_about(self) -> None:
        """Open About."""
        from ui.dialogs.about import AboutDialog

        dialog = AboutDialog(self)
        dialog.exec()
        dialog.deleteLater()

    def open_logs(self) -> None:
        """Show the folder of the log files."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))

    def toggle_full_screen(self) -> None:
        """Fill the screen, or no longer."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # Following

    def _opened(self) -> None:
        for page in self.pages.values():
            if page.splitter is not None:
                self._recall(page)
        self._refresh()

    def _refresh(self) -> None:
        session = self.session
        name = f"{session.project.name}[*] - " if session.is_open else "[*]"
        self.setWindowTitle(name + self.tr("Keras Workbench"))
        self.setWindowModified(session.is_open and session.dirty)
        self.actions_.refresh()

    def _data_failed(self, error: WorkbenchError) -> None:
        """Tell it where the Data page does not: that page shows the failure and its remedy itself."""
        if self.stack.currentWidget() is not self.pages.get("data"):
            self.session.tell("error", error)

    def _offer_resume(self, run: str, words: str, hint: str) -> None:
        told = self.tr("{run}: {words}").format(run=run, words=words)
        self.notify("warning", told, hint, (self.tr("Resume"), lambda: self.resume(run)))

    def resume(self, run: str) -> None:
        """Go on with a run that broke off, and show it."""
        self.show_page("train")
        self.training.resume(run)

    def _wear(self) -> None:
        settings = self.preferences.settings
        self.toasts.still = settings.reduced_motion
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, settings.theme)
        self.actions_.refresh()

    # Events of the window itself

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.first_painted.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        path = dropped_path(event.mimeData())
        if path is None:
            return
        event.acceptProposedAction()
        opens = (store.project_folder(path) / store.PROJECT_FILE).exists()
        name = store.project_folder(path).name if opens else path.name
        words = self.tr("Open the project {name}") if opens else self.tr("Use {name} as data")
        self.veil.offer(words.format(name=name))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.veil.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.veil.hide()
        path = dropped_path(event.mimeData())
        if path is None:
            return
        event.acceptProposedAction()
        if (store.project_folder(path) / store.PROJECT_FILE).exists():
            # A question may follow; the drag must be over by then.
            QTimer.singleShot(0, self, lambda: self.files.open_folder(path))
        else:
            self.pick(str(path))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_leave():
            event.ignore()
            return
        self._remember(self.pages[self.current])
        self.preferences.update(geometry=bytes(self.saveGeometry().toBase64().data()).decode())
        self.hide()
        self.training.close()
        self.session.close()
        self.spares.close()
        event.accept()
