"""What the command palette offers: every action, and beyond them recent projects, datasets and layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from ui.command_palette import Entry
from ui.menus import menu_title

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def _tr(text: str) -> str:
    return QCoreApplication.translate("Palette", text)


def palette_entries(window: MainWindow) -> Iterator[Entry]:
    """Everything, in the order that is shown before anything is typed."""
    for action in window.actions_.actions.values():
        if action.id == "palette.open":
            continue
        yield Entry(
            title=action.title.rstrip("…"),
            run=lambda name=action.id: window.run_action(name),  # type: ignore[misc]
            place=menu_title(action.menu),
            keys=action.keys.toString(QKeySequence.SequenceFormat.NativeText),
            icon=action.icon,
            reason=action.why_not(),
            words=action.words,
            id=action.id,
        )
    for folder in window.files.recents:
        yield Entry(
            title=_tr("Open {name}").format(name=folder.name),
            run=lambda folder=folder: window.files.open_folder(folder),  # type: ignore[misc]
            place=str(folder.parent),
            icon="history",
            early=False,
        )
    yield from _datasets(window)
    yield from _layers(window)


def _datasets(window: MainWindow) -> Iterator[Entry]:
    from workbench.data.catalogue import datasets

    for dataset in datasets():
        yield Entry(
            title=_tr("Pick {name}").format(name=dataset.title),
            run=lambda name=dataset.name: window.pick(name),  # type: ignore[misc]
            place=_tr("Download") if dataset.download else _tr("Data"),
            icon="database",
            words=f"{dataset.name} {dataset.description} dataset",
            early=False,
        )


def _layers(window: MainWindow) -> Iterator[Entry]:
    if not window.session.is_open:
        return
    from workbench.catalog.layers import layers

    for layer in layers().values():
        if layer.category == "io":
            continue
        yield Entry(
            title=_tr("Add {layer}").format(layer=layer.name),
            run=lambda name=layer.name: window.add_layer(name),  # type: ignore[misc]
            place=layer.category,
            icon="layers",
            words=" ".join(layer.words),
            early=False,
        )
