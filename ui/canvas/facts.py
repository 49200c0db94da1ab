"""What is known about the drawing at this moment, put together for the scene, the header and the inspector."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.canvas.words import count_words, counted, shape_words
from ui.session import Session
from workbench.catalog.layers import layer_spec
from workbench.core.errors import WorkbenchError
from workbench.graph import rules
from workbench.graph.describe import summary
from workbench.graph.edits import snake_case
from workbench.graph.inputs import COLUMNS
from workbench.graph.model import INPUT, OUTPUT, Group, Node
from workbench.graph.ports import MAIN, input_ports, output_ports, states
from workbench.graph.problems import Problem
from workbench.project.model import Project
from workbench.project.outputs import asked_of

if TYPE_CHECKING:
    from workbench.engine.check import NodeReport

_automatic_name = cache(snake_case)


@dataclasses.dataclass(frozen=True)
class NodeFacts:
    """All that a node shows.

    Args:
        id: The node's id.
        title: Keras's class name.
        name: The user's own name for it; empty while it is the automatic one.
        category: Gives the colour.
        summary: The arguments that matter, on one line.
        shape: Output shape as words; empty while it is not known.
        params: Parameter count as words; empty where there are none.
        pending: Whether shapes are still to come.
        problem: What is wrong, with its repair.
        frozen: Whether its weights do not train.
        ports: The names of its inputs; empty where nothing comes in.
        spare: How many of them, the last ones, are a recurrent layer's states, which may be left free.
        outputs: The names of its outputs.
        shapes: The shape at each of them as words, where there are several and it is known.
        leads_on: Whether anything can follow it.
        layers: How many layers a folded group holds; 0 for a layer.
        shared: The name of the layer that is used again here; empty where it has its own.
    """

    id: str
    title: str
    name: str = ""
    category: str = "core"
    summary: str = ""
    shape: str = ""
    params: str = ""
    pending: bool = False
    problem: Problem | None = None
    frozen: bool = False
    ports: tuple[str, ...] = ("input",)
    spare: int = 0
    outputs: tuple[str, ...] = (MAIN,)
    shapes: tuple[str, ...] = ()
    leads_on: bool = True
    layers: int = 0
    shared: str = ""


class ModelFacts(QObject):
    """The latest check, or what the plain rules say until there is one."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.fresh = False
        self.problems: tuple[Problem, ...] = ()
        self._gravest: dict[str, Problem] = {}
        self._known: dict[str, tuple[tuple[object, ...], NodeFacts]] = {}
        self._sound: rules.Sound = {}
        session.changed.connect(self._document_changed)
        session.opened.connect(self._known.clear)
        session.opened.connect(self._stale)
        session.report_changed.connect(self._report_came)
        session.engine_changed.connect(self.changed)
        self._judge()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a training."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def ready(self) -> bool:
        """Whether a training could start."""
        return self.fresh and not self.errors and self.session.project.info is not None

    @property
    def total_params(self) -> int | None:
        """All parameters, or None while they are not known: without data no shape is."""
        report = self.session.report
        return report.total_params if report is not None and self.session.project.info is not None else None

    def problem_of(self, node: str) -> Problem | None:
        """The gravest problem of a node."""
        return self._gravest.get(node)

    def of(self, node: Node) -> NodeFacts:
        """What a node shows; worked out anew only when what it is made of is another."""
        return next(self.of_each((node,)))

    def of_each(self, nodes: Iterable[Node]) -> Iterator[NodeFacts]:
        """What each of several nodes shows."""
        report, project, known, gravest = self.session.report, self.session.project, self._known, self._gravest
        reported = report.by_id if report is not None else {}
        by_id, info = project.graph.by_id, project.info
        for node in nodes:
            mark = node.id
            found, problem = reported.get(mark), gravest.get(mark)
            owner = by_id.get(node.shares) if node.shares is not None else None
            if mark in known:
                made_of, facts = known[mark]
                same = made_of[0] is node and made_of[1] is found and made_of[2] is problem
                if same and made_of[3] is info and made_of[4] is owner:
                    yield facts
                    continue
            facts = self._facts(node, found, owner)
            known[mark] = ((node, found, problem, info, owner), facts)
            yield facts

    def _facts(self, node: Node, found: NodeReport | None, owner: Node | None) -> NodeFacts:
        project = self.session.project
        spec = layer_spec(node.layer)
        shape = shape_words(found.output_shape) if found is not None and found.output_shape is not None else ""
        automatic = re.sub(r"_\d+$", "", node.name) == _automatic_name(node.layer)
        return NodeFacts(
            id=node.id,
            title=node.layer,
            name="" if automatic else node.name,
            category=spec.category if spec is not None else "io",
            summary=self._end_summary(project, node) or summary(node),
            shape=shape,
            params=count_words(found.params) if found is not None and found.params else "",
            pending=found is None and project.info is not None,
            problem=self.problem_of(node.id),
            frozen=node.params.get("trainable") is False,
            ports=input_ports(node),
            spare=len(states(node.layer, node.params)),
            outputs=output_ports(node) or (MAIN,),
            shapes=tuple(map(shape_words, found.output_shapes.values())) if found is not None else (),
            leads_on=node.layer != OUTPUT,
            shared=owner.name if owner is not None else "",
        )

    def of_group(self, node: str, group: Group) -> NodeFacts:
        """What a folded group shows: its name, how much it holds, and the gravest of what is wrong inside."""
        graph, report = self.session.project.graph, self.session.report
        inside = set(group.nodes)
        found = [report.by_id[member] for member in group.nodes if member in report.by_id] if report else []
        ends = [member for member in group.nodes if not any(link.target in inside for link in graph.outgoing[member])]
        last = report.by_id.get(ends[0]) if report is not None and len(ends) == 1 else None
        shape = shape_words(last.output_shape) if last is not None and last.output_shape is not None else ""
        wrong = [problem for member in group.nodes if (problem := self.problem_of(member)) is not None]
        total = sum(entry.params for entry in found)
        return NodeFacts(
            id=node,
            title=group.name,
            category=self._main_category(group),
            summary=counted(len(group.nodes), self.tr("1 layer"), self.tr("%1 layers")),
            shape=shape,
            params=count_words(total) if total else "",
            pending=not found and self.session.project.info is not None,
            problem=min(wrong, key=lambda problem: problem.severity != "error", default=None),
            layers=len(group.nodes),
        )

    def _main_category(self, group: Group) -> str:
        specs = [layer_spec(self.session.project.graph.by_id[member].layer) for member in group.nodes]
        counts = Counter(spec.category for spec in specs if spec is not None)
        return counts.most_common(1)[0][0] if counts else "io"

    def _end_summary(self, project: Project, node: Node) -> str:
        info = project.info
        if node.layer == INPUT:
            return _listed(node.params.get(COLUMNS)) or (info.title if info is not None else self.tr("no data yet"))
        if node.layer == OUTPUT and info is not None:
            asks, _ = asked_of(project)
            target = asks[node.id].target if node.id in asks else info.main
            if target.task == "classification":
                words = counted(len(target.classes), self.tr("1 class"), self.tr("%1 classes"))
                return f"{target.name} · {words}" if info.further else words
            return target.name or self.tr("one value")
        return self.tr("no data yet") if node.layer == OUTPUT else ""

    def _document_changed(self, before: Project, after: Project) -> None:
        if before.graph != after.graph or before.info != after.info or before.training != after.training:
            self._stale()

    def _stale(self) -> None:
        self.fresh = False
        self._judge()
        self.changed.emit()

    def _report_came(self) -> None:
        self.fresh = True
        self._judge()
        self.changed.emit()

    def _judge(self) -> None:
        self.problems = self._found()
        self._gravest = {}
        for problem in sorted(self.problems, key=lambda problem: problem.severity != "error"):
            if problem.node is not None:
                self._gravest.setdefault(problem.node, problem)

    def _found(self) -> tuple[Problem, ...]:
        report, project = self.session.report, self.session.project
        if report is not None and self.fresh:
            return report.problems
        try:
            asks, wrong = asked_of(project)
            found = (*wrong, *rules.problems(project.graph, project.info, None, self._sound, asks))
        except WorkbenchError as error:
            found = (Problem(error.rule, hint=error.hint),)
        if report is not None:
            # What Keras said stays until it is asked again, as long as the node is there: less flicker while typing.
            told = {(problem.node, problem.message) for problem in found}
            alive = project.graph.by_id
            found += tuple(
                problem
                for problem in report.problems
                if problem.node in alive and (problem.node, problem.message) not in told
            )
        return found


def _listed(names: object) -> str:
    """The columns that an Input takes; empty where it takes all of them."""
    return ", ".join(map(str, names)) if isinstance(names, list | tuple) else ""
