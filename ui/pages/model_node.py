"""The inspector of one node: its name, what comes out of it, what is wrong, its settings, and Keras's own words."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.canvas.facts import ModelFacts
from ui.forms.form import ParamForm
from ui.forms.text_fields import DocumentLineEdit
from ui.session import Session
from ui.theme import S2, S3, tokens
from ui.widgets import Badge, Caption, Heading, Line, LinkButton, Note, QuietButton, SectionHeader, Text, set_state
from workbench.catalog.layers import LayerSpec, layer_spec
from workbench.core.errors import GraphError
from workbench.core.params import Param
from workbench.data.spec import TargetInfo
from workbench.graph import edits
from workbench.graph.inputs import COLUMNS, column_choices
from workbench.graph.model import INPUT, OUTPUT, Node
from workbench.project.outputs import asked_of

TITLE_LENGTH = 60
MOST_BOXES = 60
"""Columns of a wider table are typed."""


class NodePanel(QWidget):
    """Shows the node of an id; every edit goes through the session."""

    repair_wanted = Signal(object)  # Repair

    def __init__(self, session: Session, facts: ModelFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.facts = facts
        self.node_id: str | None = None
        self._name_visit = 0
        self._heading = Heading()
        self._category = Badge("")
        self.name = DocumentLineEdit()
        self.name.setObjectName("node_name")
        self.name.setAccessibleName(self.tr("Name"))
        self.name.textEdited.connect(self._rename)
        self.name.editingFinished.connect(self._leave_name)
        self._name_error = Text("", "danger")
        self._name_error.setObjectName("node_name_error")
        self._name_error.hide()
        self._note = Note("", "danger")
        self._fix = QuietButton("")
        self._fix.setObjectName("node_fix_button")
        self._fix.clicked.connect(self._repair)
        self._note.add_button(self._fix)
        self._shape, self._params = Text("", "strong", wrap=False), Text("", "strong", wrap=False)
        self._shape.setObjectName("node_shape")
        self._params.setObjectName("node_params")
        self.form = ParamForm()
        self.form.setObjectName("node_form")
        self.form.edited.connect(self._edit)
        self._settings = SectionHeader(self.tr("Settings"))
        self.ends = EndFacts(session)
        self._doc = Text("", "muted")
        self._doc.setObjectName("node_doc")
        self._more = LinkButton(self.tr("More"))
        self._more.clicked.connect(self._turn_doc)
        self._whole_doc = False
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S2)
        head = QGridLayout()
        head.setHorizontalSpacing(S2)
        head.setVerticalSpacing(S2)
        head.setColumnStretch(0, 1)
        head.addWidget(self._heading, 0, 0)
        head.addWidget(self._category, 0, 1)
        head.addWidget(self.name, 1, 0, 1, 2)
        head.addWidget(self._name_error, 2, 0, 1, 2)
        column.addLayout(head)
        column.addWidget(self._note)
        figures = QGridLayout()
        figures.setHorizontalSpacing(S3)
        figures.setColumnStretch(1, 1)
        for place, (words, figure) in enumerate(
            ((self.tr("Output shape"), self._shape), (self.tr("Parameters"), self._params))
        ):
            figures.addWidget(Text(words, "muted", wrap=False), place, 0)
            figures.addWidget(figure, place, 1)
        column.addLayout(figures)
        self._above_settings = Line()
        column.addWidget(self._above_settings)
        column.addWidget(self.ends)
        column.addWidget(self._settings)
        column.addWidget(self.form)
        column.addWidget(Line())
        column.addWidget(SectionHeader(self.tr("What it does")))
        column.addWidget(self._doc)
        column.addWidget(self._more)
        column.addStretch(1)

    def show_node(self, node_id: str) -> None:
        """Show another node."""
        if node_id != self.node_id:
            self.node_id = node_id
            self._whole_doc = False
            self._name_visit += 1
            self._name_error.hide()
            self.name.setText("")
        self.refresh()

    def refresh(self) -> None:
        """Show the node as the document has it now."""
        node = self._node
        if node is None:
            return
        spec = layer_spec(node.layer)
        facts = self.facts.of(node)
        self._heading.setText(node.layer)
        self._category.set(spec.category if spec is not None else self.tr("unknown"), "neutral")
        colour = tokens().category(facts.category)
        self._category.setStyleSheet(f"QLabel {{ border-left: 4px solid {colour}; border-radius: 3px; }}")
        if not (self.name.hasFocus() and self.name.text().strip() == node.name):
            self._show_name(node)
        self._shape.setText(facts.shape or "…")
        self._params.setText(facts.params or ("…" if facts.pending else "0"))
        self._show_problem()
        is_end = node.layer in (INPUT, OUTPUT)
        self.ends.setVisible(is_end)
        if is_end:
            self.ends.show_end(node)
        params = self._params_of(node, spec)
        self._above_settings.setVisible(bool(params) or is_end)
        self._settings.setVisible(bool(params))
        self.form.setVisible(bool(params))
        self.form.show_params(params, node.params, owner=node.id)
        self._show_doc(spec)

    def _params_of(self, node: Node, spec: LayerSpec | None) -> tuple[Param, ...]:
        """What can be set: an Input's columns are chosen among the table's, and asked for only where there are any."""
        params = spec.params if spec is not None else ()
        if node.layer != INPUT:
            return params
        columns = column_choices(self.session.project.info)
        if not columns:
            return tuple(param for param in params if param.name in node.params)
        choices = columns if len(columns) <= MOST_BOXES else ()
        return tuple(
            dataclasses.replace(param, choices=choices) if param.name == COLUMNS else param for param in params
        )

    def focus_name(self) -> None:
        """Put the cursor in the name."""
        self.name.setFocus()
        self.name.selectAll()

    @property
    def _node(self) -> Node | None:
        return self.session.project.graph.by_id.get(self.node_id or "")

    def _show_name(self, node: Node) -> None:
        if self.name.text() != node.name:
            self.name.setText(node.name)
        self._refuse_name("")

    def _rename(self, text: str) -> None:
        node, key = self.node_id or "", f"rename:{self.node_id}:{self._name_visit}"
        try:
            edits.rename(self.session.project.graph, node, text)
        except GraphError as error:
            self._refuse_name(error.rule)
            return
        self._refuse_name("")
        self.session.edit_graph(self.tr("Rename"), lambda graph: edits.rename(graph, node, text), merge=key)

    def _leave_name(self) -> None:
        self._name_visit += 1
        if self._node is not None:
            self._show_name(self._node)

    def _refuse_name(self, rule: str) -> None:
        self._name_error.setText(rule)
        self._name_error.setVisible(bool(rule))
        set_state(self.name, "invalid", bool(rule))

    def _show_problem(self) -> None:
        problem = self.facts.problem_of(self.node_id or "")
        self._note.setVisible(problem is not None)
        if problem is None:
            return
        words = f"{problem.message} {problem.hint}".strip()
        self._note.set(words, "danger" if problem.severity == "error" else "warning")
        self._fix.setVisible(problem.repair is not None)
        if problem.repair is not None:
            self._fix.setText(problem.repair.label)

    def _repair(self) -> None:
        problem = self.facts.problem_of(self.node_id or "")
        if problem is not None and problem.repair is not None:
            self.repair_wanted.emit(problem.repair)

    def _edit(self, name: str, value: Any) -> None:
        node, key = self.node_id or "", f"param:{self.node_id}:{name}:{self.form.visit}"
        self.session.edit_graph(
            self.tr("Set %1").replace("%1", name),
            lambda graph: edits.set_params(graph, node, {name: value}),
            merge=key,
        )

    def _show_doc(self, spec: LayerSpec | None) -> None:
        doc = spec.doc if spec is not None else self.tr("This program does not know this layer; it is kept as it is.")
        first = _beginning(doc)
        self._doc.setText(doc if self._whole_doc else first)
        self._more.setText(self.tr("Less") if self._whole_doc else self.tr("More"))
        self._more.setVisible(len(doc) > len(first))

    def _turn_doc(self) -> None:
        self._whole_doc = not self._whole_doc
        self.refresh()


def _beginning(doc: str) -> str:
    """The first paragraph, and the next one where the first is a mere title."""
    paragraphs = doc.split("\n\n")
    first = "\n\n".join(paragraphs[: 2 if len(paragraphs[0]) < TITLE_LENGTH else 1])
    # A list that is left out needs no sentence that leads to it.
    return re.sub(r"(?<=[.!?])\s+[^.!?]*:$", "", first)


class EndFacts(QWidget):
    """What the data put in, or ask for: shown for the two ends of the drawing."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._words = Text()
        self._words.setObjectName("end_words")
        self._classes = Caption()
        self._button = QuietButton("")
        self._button.clicked.connect(lambda: session.page_wanted.emit("data"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S2)
        for widget in (self._words, self._classes, self._button):
            column.addWidget(widget)

    def show_end(self, node: Node) -> None:
        """Show the input's or the output's side of the data."""
        info, layer = self.session.project.info, node.layer
        self._button.setText(self.tr("Pick data") if info is None else self.tr("Show the data"))
        self._classes.hide()
        if info is None:
            self._words.setText(self.tr("The two ends follow the data. Pick data and the shapes appear."))
        elif layer == INPUT:
            shape = " × ".join(str(size) for size in info.input_shape)
            one = tuple(info.input_shape) in ((), (1,))
            words = self.tr("%1: each sample is 1 number.") if one else self.tr("%1: each sample is %2 numbers.")
            self._words.setText(words.replace("%1", info.title).replace("%2", shape))
        else:
            asks, _ = asked_of(self.session.project)
            self._show_target(asks[node.id].target if node.id in asks else info.main, named=bool(info.further))

    def _show_target(self, target: TargetInfo, *, named: bool) -> None:
        """What an output must answer; its target's name too where there are several."""
        if target.task == "classification":
            words = self.tr("One probability a class: the layer before needs %1 units and softmax.")
            if target.outputs == 2:
                words = self.tr(
                    "One probability a class: the layer before needs 2 units and softmax, or 1 and sigmoid."
                )
            words = words.replace("%1", str(target.outputs))
            learns = self.tr("Learns %1.").replace("%1", target.name)
            self._words.setText(f"{learns} {words}" if named else words)
            shown = ", ".join(target.classes[:20]) + ("…" if len(target.classes) > 20 else "")
            self._classes.setText(shown)
            self._classes.show()
        else:
            words = self.tr("One value, %1: the layer before needs 1 unit and no activation.")
            self._words.setText(words.replace("%1", target.name or self.tr("the target")))
