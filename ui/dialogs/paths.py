"""Choosing folders and files, beginning where the last choice was."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

_last = {"folder": str(Path.home())}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Paths", text)


def _remember(name: str) -> Path | None:
    if not name:
        return None
    _last["folder"] = str(Path(name).parent)
    return Path(name)


def choose_project(parent: QWidget | None) -> Path | None:
    """The folder of a project to open."""
    return _remember(QFileDialog.getExistingDirectory(parent, _tr("Open a project's folder"), _last["folder"]))


def choose_picture_folder(parent: QWidget | None) -> Path | None:
    """A folder with one folder of pictures a class."""
    return _remember(
        QFileDialog.getExistingDirectory(parent, _tr("Choose the folder that holds a folder a class"), _last["folder"])
    )


def choose_table(parent: QWidget | None) -> Path | None:
    """A table in a text file."""
    name, _ = QFileDialog.getOpenFileName(
        parent, _tr("Choose a table"), _last["folder"], _tr("Tables (*.csv *.tsv *.txt);;All files (*)")
    )
    return _remember(name)


def choose_new_folder(parent: QWidget | None, name: str) -> Path | None:
    """A folder, not there yet or empty, to save a project in."""
    start = str(Path(_last["folder"]) / name)
    chosen, _ = QFileDialog.getSaveFileName(
        parent, _tr("Save the project as a folder"), start, "", options=QFileDialog.Option.DontConfirmOverwrite
    )
    return _remember(chosen)


def choose_picture_file(parent: QWidget | None, name: str) -> Path | None:
    """A file to write the drawing to: SVG, PDF or PNG; .svg where no ending is typed."""
    start = str(Path(_last["folder"]) / f"{name}.svg")
    kinds = {
        _tr("SVG picture (*.svg)"): ".svg",
        _tr("PDF page (*.pdf)"): ".pdf",
        _tr("PNG picture (*.png)"): ".png",
    }
    chosen, kind = QFileDialog.getSaveFileName(parent, _tr("Publish the drawing"), start, ";;".join(kinds))
    if chosen and not Path(chosen).suffix:
        chosen += kinds.get(kind, ".svg")
    return _remember(chosen)
