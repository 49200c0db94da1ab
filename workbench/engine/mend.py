"""Every evident repair, one after the other, each checked before the next is asked for."""

from __future__ import annotations

import dataclasses

from workbench.core.cancel import CancelToken
from workbench.core.errors import GraphError
from workbench.engine.check import check
from workbench.graph.model import Graph
from workbench.graph.problems import Problem
from workbench.graph.repairs import repaired
from workbench.project.model import Project

MOST_STEPS = 100


@dataclasses.dataclass(frozen=True)
class Mended:
    """What came of it: the drawing, the repairs that were made, and how many errors are left."""

    graph: Graph
    done: tuple[str, ...]
    errors_left: int


def mend(project: Project, cancel: CancelToken | None = None) -> Mended:
    """Make every evident repair of a project's drawing.

    A repair that leaves more errors than there were is taken back; one that would merely take off something that
    is loose is not made at all: it may be what the user is about to link.

    Args:
        project: Whose drawing is mended; it is not changed.
        cancel: Looked at before each repair.

    Returns:
        The mended drawing, which is the given one where nothing could be done.
    """
    graph, done, refused = project.graph, list[str](), set[tuple[str | None, str]]()
    report = check(project)
    for _ in range(MOST_STEPS):
        if cancel is not None:
            cancel.raise_if_stopped()
        problem = next((one for one in report.problems if _evident(one) and _key(one) not in refused), None)
        if problem is None or problem.repair is None:
            break
        # The same repair is never made twice, so this ends.
        refused.add(_key(problem))
        try:
            tried = repaired(graph, problem.repair)
        except GraphError:
            continue
        after = check(project.model_copy(update={"graph": tried}))
        if _errors(after.problems) <= _errors(report.problems):
            graph, report = tried, after
            done.append(problem.repair.label)
    return Mended(graph, tuple(done), _errors(report.problems))


def _evident(problem: Problem) -> bool:
    repair = problem.repair
    return repair is not None and not (repair.action == "remove" and problem.severity == "warning")


def _key(problem: Problem) -> tuple[str | None, str]:
    assert problem.repair is not None
    return problem.repair.node, problem.repair.label


def _errors(problems: tuple[Problem, ...]) -> int:
    return sum(problem.severity == "error" for problem in problems)
