"""What differs between two drawings, as lines for a table, by kind: added, removed, changed, rewired."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workbench.graph.describe import summary
from workbench.graph.diff import Difference, said
from workbench.graph.model import Node

Cells = tuple[str, str, str, str, str]
Entry = tuple[str | None, Cells]
"""The node of the second drawing that a line is about, where there is one; its name, class, setting, before, after."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Compared", text)


def entries(found: Difference) -> dict[str, list[Entry]]:
    """A line for each thing that differs."""
    changed: list[Entry] = []
    for change in found.changed:
        settings = ((_titled(key), said(old), said(new)) for key, (old, new) in change.params.items())
        changed += ((change.after.id, (change.after.name, change.after.layer, *words)) for words in settings)
    nothing = _tr("nothing")
    return {
        "added": [_whole(node, here=True) for node in found.added],
        "removed": [_whole(node, here=False) for node in found.removed],
        "changed": changed,
        "rewired": [
            (
                move.after.id,
                (
                    move.after.name,
                    move.after.layer,
                    _tr("fed by"),
                    ", ".join(move.old) or nothing,
                    ", ".join(move.new) or nothing,
                ),
            )
            for move in found.moved
        ],
    }


def counted(kind: str, count: int) -> str:
    """So many layers of a kind, in words."""
    words = {
        "added": _tr("%1 added"),
        "removed": _tr("%1 removed"),
        "changed": _tr("%1 changed"),
        "rewired": _tr("%1 rewired"),
    }
    return words[kind].replace("%1", str(count))


def _whole(node: Node, *, here: bool) -> Entry:
    told = summary(node)
    return node.id if here else None, (node.name, node.layer, "", "" if here else told, told if here else "")


def _titled(key: str) -> str:
    known = {"layer": _tr("class"), "name": _tr("name"), "shares": _tr("uses the layer of")}
    return known.get(key, key.replace("_", " "))
