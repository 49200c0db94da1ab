"""What each Input of a drawing takes of a sample: all of it, or some columns of a table."""

from __future__ import annotations

from workbench.data.spec import DatasetInfo
from workbench.graph.model import Node
from workbench.graph.problems import Problem, Repair

COLUMNS = "columns"


def features(info: DatasetInfo) -> tuple[str, ...]:
    """The column that each number of a table's sample comes from; empty where that is not known."""
    if info.kind != "table" or len(info.input_shape) != 1:
        return ()
    used = tuple(column.name for column in info.columns if column.kind in ("numeric", "categorical"))
    known = info.features or used
    return known if len(known) == info.input_shape[0] else ()


def column_choices(info: DatasetInfo | None) -> tuple[str, ...]:
    """The columns that an Input can choose among, in their order; empty where the samples have none."""
    return tuple(dict.fromkeys(features(info))) if info is not None else ()


def places(node: Node, info: DatasetInfo) -> tuple[int, ...] | None:
    """Which numbers of a sample an Input takes; None for the whole sample."""
    wanted = node.params.get(COLUMNS)
    if wanted is None:
        return None
    return tuple(place for place, column in enumerate(features(info)) if column in set(wanted))


def input_shape(node: Node, info: DatasetInfo) -> tuple[int, ...]:
    """The shape of what an Input gives on, the batch axis apart."""
    taken = places(node, info)
    return tuple(info.input_shape) if taken is None else (len(taken),)


def input_problem(node: Node, info: DatasetInfo | None) -> Problem | None:
    """Why an Input cannot take the columns that it names, if so."""
    wanted = node.params.get(COLUMNS)
    if wanted is None:
        return None
    whole = Repair("Take the whole sample", "set_params", node.id, {"params": {COLUMNS: ...}})
    if not isinstance(wanted, list | tuple) or not all(isinstance(column, str) for column in wanted):
        return Problem("An input's columns must be a list of names.", node.id, whole)
    if info is None:
        return None
    if info.kind != "table":
        return Problem("Only the samples of a table have columns.", node.id, whole)
    known = features(info)
    if not known:
        return Problem(
            "It is not known which columns the samples are made of.", node.id, whole, hint="Pick the data again"
        )
    strange = [column for column in wanted if column not in known]
    kept = [column for column in wanted if column in known]
    if not kept:
        message = f"The data have no column {', '.join(strange)}." if strange else "This input takes no column."
        return Problem(message, node.id, whole)
    if strange:
        repair = Repair(f"Keep only {', '.join(kept)}", "set_params", node.id, {"params": {COLUMNS: kept}})
        return Problem(f"The data have no column {', '.join(strange)}.", node.id, repair)
    return None
