"""Everything that can be done on the canvas, as one table: keys, menu and palette are made from it."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication

from ui.canvas.keys import Binding


def _tr(text: str) -> str:
    return QCoreApplication.translate("Canvas", text)


@cache
def bindings() -> tuple[Binding, ...]:
    """All commands of the canvas."""
    return (*_adding(), *_wiring(), *_grouping(), *_arranging(), *_looking())


def _adding() -> tuple[Binding, ...]:
    return (
        Binding("model.add", "plus", _tr("Add a layer…"), ("Tab",), lambda view: view.open_quick_add(), part="add"),
        Binding(
            "model.add_input",
            "log-out",
            _tr("Add an input"),
            (),
            lambda view: view.editor.add_after_selection("Input"),
            part="add",
        ),
        Binding(
            "model.add_output",
            "flag",
            _tr("Add an output"),
            (),
            lambda view: view.editor.add_after_selection("Output"),
            part="add",
        ),
        Binding(
            "model.comment",
            "text",
            _tr("Add a comment"),
            ("Ctrl+Shift+M",),
            lambda view: view.comments.add(),
            part="add",
        ),
        Binding(
            "model.delete",
            "trash-2",
            _tr("Delete"),
            ("Del", "Backspace"),
            lambda view: view.editor.delete(),
            True,
            part="edit",
        ),
        Binding(
            "model.duplicate",
            "copy-plus",
            _tr("Duplicate layers"),
            ("Ctrl+D",),
            lambda view: view.editor.duplicate(),
            True,
            True,
            part="edit",
        ),
        Binding(
            "model.copy", "copy", _tr("Copy layers"), ("Ctrl+C",), lambda view: view.editor.copy(), True, part="edit"
        ),
        Binding(
            "model.cut", "scissors", _tr("Cut layers"), ("Ctrl+X",), lambda view: view.editor.cut(), True, part="edit"
        ),
        Binding(
            "model.paste",
            "clipboard-paste",
            _tr("Paste layers"),
            ("Ctrl+V",),
            lambda view: view.editor.paste(),
            part="edit",
        ),
        Binding(
            "model.paste_loose",
            "clipboard-copy",
            _tr("Paste beside the drawing"),
            ("Ctrl+Shift+V",),
            lambda view: view.editor.paste_loose(),
            part="edit",
        ),
        Binding(
            "model.paste_shared",
            "link",
            _tr("Paste with shared weights"),
            ("Ctrl+Alt+V",),
            lambda view: view.editor.paste_shared(),
            part="edit",
        ),
        Binding(
            "model.rename",
            "pencil",
            _tr("Rename"),
            ("F2", "Return", "Enter"),
            lambda view: view.rename_selected(),
            True,
            part="edit",
        ),
        Binding(
            "model.select_all",
            "square-check",
            _tr("Select all layers"),
            ("Ctrl+A",),
            lambda view: view.select_all(),
            part="edit",
        ),
    )


def _wiring() -> tuple[Binding, ...]:
    return (
        Binding(
            "model.link",
            "waypoints",
            _tr("Link to another layer…"),
            ("Ctrl+L",),
            lambda view: view.start_wiring(),
            True,
            part="wire",
        ),
        Binding("model.next_wire", "arrow-right", _tr("Select the next wire"), ("]",), lambda view: view.step_wire(1)),
        Binding(
            "model.last_wire", "arrow-left", _tr("Select the wire before"), ("[",), lambda view: view.step_wire(-1)
        ),
        Binding(
            "model.earlier",
            "arrow-up",
            _tr("Move layers up"),
            ("Alt+Up",),
            lambda view: view.editor.shift(-1),
            True,
            part="wire",
        ),
        Binding(
            "model.later",
            "arrow-down",
            _tr("Move layers down"),
            ("Alt+Down",),
            lambda view: view.editor.shift(1),
            True,
            part="wire",
        ),
    )


def _grouping() -> tuple[Binding, ...]:
    return (
        Binding(
            "model.group", "boxes", _tr("Group"), ("Ctrl+G",), lambda view: view.prompts.group(), True, part="group"
        ),
        Binding(
            "model.ungroup",
            "shapes",
            _tr("Ungroup"),
            ("Ctrl+Shift+G",),
            lambda view: view.editor.groups.ungroup(),
            True,
            part="group",
        ),
        Binding(
            "model.fold",
            "chevrons-down-up",
            _tr("Fold or unfold the group"),
            ("Ctrl+Shift+F",),
            lambda view: view.editor.groups.turn_fold(),
            True,
            part="group",
        ),
        Binding(
            "model.repeat",
            "copy-plus",
            _tr("Repeat…"),
            ("Ctrl+R",),
            lambda view: view.prompts.repeat(),
            True,
            part="group",
        ),
        Binding(
            "model.keep_block",
            "bookmark",
            _tr("Save as your own block…"),
            ("Ctrl+Shift+B",),
            lambda view: view.prompts.keep_block(),
            True,
            part="group",
        ),
    )


def _arranging() -> tuple[Binding, ...]:
    return (
        Binding(
            "model.align_left",
            "panel-left",
            _tr("Align left"),
            ("Alt+Shift+Left",),
            lambda view: view.editor.arrange.align("left"),
            True,
            part="arrange",
        ),
        Binding(
            "model.align_centre",
            "rows-3",
            _tr("Align centres"),
            ("Alt+Shift+C",),
            lambda view: view.editor.arrange.align("centre"),
            True,
            part="arrange",
        ),
        Binding(
            "model.align_right",
            "panel-right",
            _tr("Align right"),
            ("Alt+Shift+Right",),
            lambda view: view.editor.arrange.align("right"),
            True,
            part="arrange",
        ),
        Binding(
            "model.align_top",
            "arrow-up",
            _tr("Align tops"),
            ("Alt+Shift+Up",),
            lambda view: view.editor.arrange.align("top"),
            True,
            part="arrange",
        ),
        Binding(
            "model.align_middle",
            "columns-3",
            _tr("Align middles"),
            ("Alt+Shift+M",),
            lambda view: view.editor.arrange.align("middle"),
            True,
            part="arrange",
        ),
        Binding(
            "model.align_bottom",
            "arrow-down",
            _tr("Align bottoms"),
            ("Alt+Shift+Down",),
            lambda view: view.editor.arrange.align("bottom"),
            True,
            part="arrange",
        ),
        Binding(
            "model.spread_across",
            "columns-3",
            _tr("Distribute from left to right"),
            ("Alt+Shift+H",),
            lambda view: view.editor.arrange.distribute(True),
            True,
            part="arrange",
        ),
        Binding(
            "model.spread_down",
            "rows-3",
            _tr("Distribute from the top down"),
            ("Alt+Shift+V",),
            lambda view: view.editor.arrange.distribute(False),
            True,
            part="arrange",
        ),
        Binding(
            "model.lay_out_down",
            "workflow",
            _tr("Lay out from the top down"),
            ("Ctrl+Shift+L",),
            lambda view: view.lay_out(False),
            part="lay out",
        ),
        Binding(
            "model.lay_out_across",
            "network",
            _tr("Lay out from left to right"),
            ("Ctrl+Alt+L",),
            lambda view: view.lay_out(True),
            part="lay out",
        ),
    )


def _looking() -> tuple[Binding, ...]:
    return (
        Binding(
            "model.fit",
            "maximize",
            _tr("Show the whole model"),
            ("Ctrl+0", "Home", "Shift+F"),
            lambda view: view.fit(),
            False,
            True,
            part="lay out",
        ),
        Binding(
            "model.zoom_in",
            "zoom-in",
            _tr("Zoom in"),
            ("Ctrl++", "Ctrl+="),
            lambda view: view.zoom_by(1.2),
            False,
            True,
        ),
        Binding(
            "model.zoom_out", "zoom-out", _tr("Zoom out"), ("Ctrl+-",), lambda view: view.zoom_by(1 / 1.2), False, True
        ),
        Binding(
            "model.zoom_one",
            "scan",
            _tr("Zoom to 100 %"),
            ("Ctrl+Shift+0",),
            lambda view: view.reset_zoom(),
            False,
            True,
        ),
    )
