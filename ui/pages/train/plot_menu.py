"""What can be done with one plot: its ranges, copies and files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMenu

from ui.plots.live_plot import LivePlot
from ui.plots.ranges import RangePopup
from ui.session import Session
from ui.theme import icon
from workbench.core import files
from workbench.core.errors import WorkbenchError


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlotMenu", text)


def plot_menu(plot: LivePlot, session: Session, name: str, place: QPoint) -> QMenu:
    """The menu of a plot.

    Args:
        plot: The plot.
        session: Told what goes wrong.
        name: What a file made of it is called at first, without its ending.
        place: Where on the screen the menu will open.
    """
    menu = QMenu(plot)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def add(glyph: str, words: str, deed: object, reason: str | None = None) -> None:
        action = menu.addAction(icon(glyph, size=16), words)
        action.triggered.connect(deed)
        action.setEnabled(reason is None)
        action.setToolTip(reason or "")

    menu.setToolTipsVisible(True)
    whole = None if plot.box.is_zoomed else _tr("Everything is shown already.")
    add("minimize-2", _tr("Show everything"), plot.follow, whole)
    add("ruler", _tr("Set ranges…"), lambda: RangePopup(plot, plot).open_at(place))
    menu.addSeparator()
    empty = None if plot.curves else _tr("There is nothing to copy yet.")
    add("copy", _tr("Copy picture"), lambda: copy_picture(plot), empty)
    add("table-2", _tr("Copy numbers"), lambda: QGuiApplication.clipboard().setText(plot.to_csv()), empty)
    menu.addSeparator()
    for suffix, glyph, words in (
        (".png", "image", _tr("Save as PNG…")),
        (".svg", "shapes", _tr("Save as SVG…")),
        (".csv", "file-spreadsheet", _tr("Save numbers as CSV…")),
    ):
        add(glyph, words, lambda _=False, suffix=suffix: _ask_and_save(plot, session, name, suffix), empty)
    return menu


def copy_picture(plot: LivePlot) -> None:
    """Put the plot on the clipboard as a picture."""
    QGuiApplication.clipboard().setImage(QImage.fromData(plot.to_png()))


def _ask_and_save(plot: LivePlot, session: Session, name: str, suffix: str) -> None:
    chosen, _ = QFileDialog.getSaveFileName(plot, _tr("Save this plot"), f"{name}{suffix}", f"*{suffix}")
    if chosen:
        save_plot(plot, session, Path(chosen).with_suffix(suffix))


def save_plot(plot: LivePlot, session: Session, path: Path) -> None:
    """Write a plot as a picture (.png), a drawing (.svg) or a table of its points (.csv)."""
    made = {".csv": lambda: plot.to_csv().encode(), ".svg": plot.to_svg, ".png": plot.to_png}
    try:
        files.write_bytes(path, made[path.suffix]())
    except WorkbenchError as error:
        session.tell("error", error)
