"""A repeated block as a function, and its calls."""

from __future__ import annotations

from workbench.codegen.arguments import placed, tupled
from workbench.codegen.blocks import Block
from workbench.codegen.names import variable
from workbench.codegen.printer import Expr, call, literal, statement
from workbench.graph.calls import feeds, settings
from workbench.graph.edits import snake_case
from workbench.graph.model import Graph
from workbench.graph.ports import MAIN

_INDENT = 4


def block_function(graph: Graph, block: Block) -> str:
    """The function, written after its first instance."""
    instance = block.instances[0]
    arguments = [name for name, _ in block.arguments]
    label = "name" if block.pieces else "names"
    given = {place: name for name, places in block.arguments for place in places}
    variables = {(block.source(graph, instance), MAIN): "inputs"}
    taken = {"inputs", *arguments}
    kinds = list(dict.fromkeys(graph.by_id[node].layer for node in instance))
    head = f"def {block.name}({', '.join(['inputs', *arguments, label])}):"
    lines = [head, f'    """{_words(kinds)}."""']
    for place, node in enumerate(instance):
        drawn = graph.by_id[node]
        chosen: dict[str, Expr] = {key: given[place, key] for key in settings(drawn) if (place, key) in given}
        expr = placed(drawn.layer, drawn.params, _label(block, place), feeds(graph, node), variables, chosen)
        if place == len(instance) - 1:
            lines.append(statement("return ", expr, _INDENT))
            break
        users = {link.target for link in graph.outgoing[node]}
        if users == {instance[place + 1]}:
            variables[node, MAIN] = "x"
        else:
            variables[node, MAIN] = variable(snake_case(drawn.layer), taken)
            taken.add(variables[node, MAIN])
        lines.append(statement(f"{variables[node, MAIN]} = ", expr, _INDENT))
    return "\n".join(lines)


def _words(kinds: list[str]) -> str:
    return ", ".join(kinds) if len(kinds) < 6 else f"{', '.join(kinds[:4])} and others"


def _label(block: Block, place: int) -> str:
    if block.pieces is None:
        return f"names[{place}]"
    before, after = block.pieces[place]
    return f'f"{before}{{name}}{after}"' if before or after else "name"


def block_call(graph: Graph, block: Block, instance: tuple[str, ...], names: dict[str, str], source: str) -> Expr:
    """The call that places one instance.

    Args:
        graph: The drawing.
        block: The function.
        instance: The nodes.
        names: Their names in Keras.
        source: The variable that holds the tensor going in.
    """
    values: dict[str, Expr] = {}
    for name, places in block.arguments:
        place, key = places[0]
        value = settings(graph.by_id[instance[place]])[key]
        values[name] = literal(tupled(value))
    if block.pieces is None:
        return call(block.name, source, **values, names=literal([names[node] for node in instance]))
    return call(block.name, source, **values, name=literal(block.labels[block.instances.index(instance)]))
