"""A script's call of `keras.applications` as one block: what is set, what is frozen, how its pictures are scaled."""

from __future__ import annotations

import ast
from typing import Any

from workbench.catalog.applications import preparation, scale, scales_inside
from workbench.catalog.layers import layer_spec
from workbench.codegen.applications import is_application
from workbench.codegen.making import Tell, set_param
from workbench.codegen.values import CannotDraw, Layer, Unknown
from workbench.graph.calls import settings
from workbench.graph.model import Graph, Link, Node

UNREAD = ("input_shape", "input_tensor")
"""What follows from the tensor that a block is called with."""

_KERAS: dict[str, Any] = {"include_top": True, "weights": "imagenet", "pooling": None}
_FLIP = {"function": "flip"}


def application_of(path: str) -> str:
    """The published model that a name of Keras stands for; empty where it is none."""
    room, _, word = path.rpartition(".")
    return word if f"{room}.".startswith("keras.applications.") and is_application(word) else ""


def made_application(layer: str, given: list[Any], keywords: dict[str, Any], line: int, tell: Tell) -> Layer:
    """The block that a call makes; what cannot be drawn of it is told and left at its default.

    Args:
        layer: The function's name in `keras.applications`.
        given: The values given by position.
        keywords: Those given by name.
        line: Where the call stands.
        tell: Told the line and what is wrong.

    Raises:
        CannotDraw: A value stands without its name.
    """
    spec = layer_spec(layer)
    assert spec is not None, "a published model is in the catalogue"
    if given:
        raise CannotDraw(f"the settings of {layer} must stand with their names", line)
    values = {**_KERAS, **{key: value for key, value in keywords.items() if key not in UNREAD}}
    name = values.pop("name", None)
    if scales_inside(layer):
        values["prepare"] = values.pop("include_preprocessing", True)
    values |= _weights(values.pop("weights"))
    if values["include_top"] and values["pooling"] is None:
        del values["pooling"]
    params: dict[str, Any] = {}
    for key, value in values.items():
        param = spec.param(key)
        if param is None:
            tell(line, f"{layer} is drawn without its setting {key!r}.")
        elif not isinstance(value, Unknown):
            set_param(params, param, value, layer, line, tell)
    return Layer(layer, params, name if isinstance(name, str) and name else None, line)


def _weights(value: Any) -> dict[str, Any]:
    if value is None or value == "imagenet":
        return {"weights": value or "none"}
    return {"weights": "file", "weights_file": value}


def frozen(layer: Layer, loop: ast.For, whole: bool) -> bool:
    """Freeze a block as a loop over its layers does; False where the loop does something else.

    Args:
        layer: The block.
        loop: `for one in block.layers: ...`.
        whole: Whether it goes over all of them.
    """
    one = ast.unparse(loop.target)
    lines = [ast.unparse(line) for line in loop.body]
    if not whole or loop.orelse or lines[0] != f"{one}.trainable = False":
        return False
    if len(lines) == 1:
        layer.params["trainable"] = False
        return True
    stop = loop.body[1]
    match stop:
        case ast.If(ast.Compare(left, [ast.Eq()], [ast.Constant(str(last))]), [ast.Break()], []) if len(lines) == 2:
            if ast.unparse(left) == f"{one}.name":
                layer.params["freeze_until"] = last
                return True
    return False


def folded(graph: Graph) -> Graph:
    """The drawing with the scaling before each published model taken into it, where it is the model's own."""
    for node in graph.nodes:
        if node.shares is None and is_application(node.layer):
            graph = _folded(graph, node)
    return graph


def _folded(graph: Graph, node: Node) -> Graph:
    uses = [node, *(other for other in graph.nodes if other.shares == node.id)]
    chains = [_scaling(graph, use, node) for use in uses]
    found = [chain for chain in chains if chain is not None]
    if len(found) < len(chains):
        if scales_inside(node.layer):
            return graph
        return graph.replaced(node.model_copy(update={"params": {**node.params, "prepare": False}}))
    gone = {one.id for chain in found for one in chain}
    links = [link for link in graph.links if link.target not in gone]
    for use, chain in zip(uses, found, strict=True):
        before = graph.incoming[chain[0].id][0]
        links = [
            before.model_copy(update={"target": use.id, "target_port": link.target_port})
            if link.target == use.id
            else link
            for link in links
        ]
    groups = [
        group.model_copy(update={"nodes": tuple(one for one in group.nodes if one not in gone)})
        for group in graph.groups
        if not gone.issuperset(group.nodes)
    ]
    return graph.with_((one for one in graph.nodes if one.id not in gone), links, groups)


def _scaling(graph: Graph, use: Node, node: Node) -> list[Node] | None:
    """The layers before a use of a block that do what its own preparation does, the first of them first."""
    kind, params = scale(node.layer)
    scaled = _only_feeder(graph, use)
    held = graph.by_id[scaled.shares] if scaled is not None and scaled.shares else scaled
    if scaled is None or held is None or held.layer != kind or held.name != f"{node.name}_scale":
        return None
    if {key: value for key, value in settings(held).items() if key in params} != params:
        return None
    if preparation(node.layer) != "blue first":
        return [scaled]
    flipped = _only_feeder(graph, scaled)
    if flipped is None or flipped.layer != "Lambda" or flipped.params != _FLIP:
        return None
    return [flipped, scaled]


def _only_feeder(graph: Graph, node: Node) -> Node | None:
    """The node that feeds this one and no other."""
    incoming: tuple[Link, ...] = graph.incoming[node.id]
    if len(incoming) != 1 or len(graph.outgoing[incoming[0].source]) != 1:
        return None
    return graph.by_id[incoming[0].source]
