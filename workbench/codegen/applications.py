"""A published model that is one block, as code: made, its weights read, frozen, and its pictures brought to scale."""

from __future__ import annotations

from typing import Any

from workbench.catalog.applications import COLOURS, named_after, preparation, scale, scales_inside
from workbench.catalog.layers import LayerSpec, layer_spec
from workbench.codegen.printer import Call, Expr, call, literal, statement
from workbench.data.spec import DatasetInfo
from workbench.graph.inputs import input_shape
from workbench.graph.model import INPUT, Graph, Node
from workbench.graph.wiring import arranged, owner

# Settings that are said otherwise than as an argument of Keras's function.
_APART = ("include_top", "weights", "weights_file", "pooling", "prepare", "trainable", "freeze_until")
# Categories whose layers leave as many channels as come in.
_KEEPING = ("pooling", "normalization", "regularization", "activation", "preprocessing")
_KEEPING_TOO = ("ZeroPadding2D", "Cropping2D", "UpSampling2D", "Identity")


def is_application(layer: str) -> bool:
    """Whether a layer is a published model as one block."""
    spec = layer_spec(layer)
    return spec is not None and spec.category == "models"


class Application:
    """The code for one block.

    Args:
        graph: The drawing.
        node: The node that owns it.
        info: What the data are.
        name: Its name in Keras.
        variable: The variable that holds it.
    """

    def __init__(self, graph: Graph, node: Node, info: DatasetInfo, name: str, variable: str) -> None:
        spec = layer_spec(node.layer)
        assert spec is not None, "a published model is in the catalogue"
        self._spec, self._given, self._name, self.variable = spec, node.params, name, variable
        self._settings = {param.name: node.params.get(param.name, param.default) for param in spec.params}
        source = graph.by_id[arranged(graph, node.id)[0].source]
        self._shape = tuple(input_shape(source, info)) if source.layer == INPUT else None
        self.prepares = bool(self._settings["prepare"]) and channels(graph, source.id, info) in (COLOURS, None)

    def made(self, source: str) -> list[str]:
        """The lines that make it.

        Args:
            source: The variable that holds the tensor it is made for.
        """
        settings = self._settings
        arguments: dict[str, Expr] = {
            "include_top": literal(bool(settings["include_top"])),
            "weights": literal("imagenet") if settings["weights"] == "imagenet" else "None",
            "input_shape": literal(self._shape) if self._shape is not None else f"{source}.shape[1:]",
        }
        if settings["pooling"] is not None and (not settings["include_top"] or settings["pooling"] != "avg"):
            arguments["pooling"] = literal(settings["pooling"])
        arguments |= _others(self._spec, self._given)
        if scales_inside(self._spec.name) and not self.prepares:
            arguments["include_preprocessing"] = "False"
        if not named_after(self._spec.name):
            arguments["name"] = literal(self._name)
        lines = [statement(f"{self.variable} = ", call(f"keras.applications.{self._spec.name}", **arguments))]
        if named_after(self._spec.name):
            lines.append(f"{self.variable}.name = {literal(self._name)}")
        if settings["weights"] == "file":
            lines.append(statement("", call(f"{self.variable}.load_weights", literal(settings["weights_file"]))))
        if not settings["trainable"]:
            return [*lines, f"{self.variable}.trainable = False"]
        if settings["freeze_until"]:
            lines += [
                f"for layer in {self.variable}.layers:",
                "    layer.trainable = False",
                f"    if layer.name == {literal(settings['freeze_until'])}:",
                "        break",
            ]
        return lines

    def scaling(self) -> Call:
        """The layer that brings pictures from 0 to 1 to its scale."""
        kind, params = scale(self._spec.name)
        values = {key: literal(value) for key, value in params.items()}
        first = [values.pop("scale")] if "scale" in values else []
        return call(f"layers.{kind}", *first, **values, name=literal(f"{self._name}_scale"))

    def scaled(self, source: str, scaling: Expr) -> list[str]:
        """The lines that leave the pictures at its scale in `x`.

        Args:
            source: The variable that holds the pictures.
            scaling: The layer, or the variable that holds it.
        """
        lines = []
        if preparation(self._spec.name) == "blue first":
            lines.append(f"x = keras.ops.flip({source}, axis=-1)")
            source = "x"
        return [*lines, statement("x = ", call(scaling, source))]


def _others(spec: LayerSpec, given: dict[str, Any]) -> dict[str, Expr]:
    """What is set of the arguments that Keras's function takes as they are."""
    found: dict[str, Expr] = {}
    for param in spec.params:
        if param.name in _APART or param.name not in given:
            continue
        value = param.check(given[param.name])
        if value != param.default:
            found[param.name] = literal(value)
    return found


def channels(graph: Graph, node: str, info: DatasetInfo) -> int | None:
    """How many channels the pictures have that a node puts out; None where the drawing alone does not tell.

    Args:
        graph: The drawing.
        node: A node's id.
        info: What the data are.
    """
    drawn = owner(graph, graph.by_id[node])
    sources = [link.source for link in arranged(graph, node)]
    if drawn.layer == INPUT:
        shape = input_shape(graph.by_id[node], info)
        return shape[-1] if len(shape) == 3 else None
    spec = layer_spec(drawn.layer)
    if spec is None or not sources:
        return None
    asked = spec.arguments(drawn.params)
    if isinstance(asked.get("filters"), int):
        return int(asked["filters"])
    if drawn.layer == "Concatenate" and asked.get("axis", -1) in (-1, 3):
        parts = [channels(graph, source, info) for source in sources]
        return None if None in parts else sum(part or 0 for part in parts)
    keeps = spec.category in _KEEPING or drawn.layer in _KEEPING_TOO
    return channels(graph, sources[0], info) if keeps else None
