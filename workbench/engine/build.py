"""From the drawing to a Keras model: functional, every layer named as on the canvas, every weight seeded.

The model has one entry, the sample; Inputs that take some columns of a table gather them inside it. So whatever feeds
one network feeds them all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from workbench.core.errors import GraphError, WorkbenchError
from workbench.data.spec import DatasetInfo
from workbench.engine import adapt as adapting
from workbench.engine.carry import Carried, carry
from workbench.engine.layers import CALLED_WITH, keras_names, make_layer, seed_weights
from workbench.engine.needs import refusal
from workbench.engine.translate import MORE_THAN_ONE, not_both, problem_of
from workbench.graph.inputs import places
from workbench.graph.model import OUTPUT, Graph, Node
from workbench.graph.ports import grouped, output_ports, place_of, states
from workbench.graph.rules import leading
from workbench.graph.wiring import arranged, owner, port_fault, share_fault
from workbench.project.outputs import End, answering_places


def call_inputs(
    layer: str, tensors: list[Any], params: Mapping[str, Any] | None = None
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """How a layer is called with what flows into it, given in the order of its inputs, and with what it is set to.

    Attention takes query, value and key; with one link it attends to itself. A recurrent layer takes the states that it
    begins with behind its input.
    """
    options = {key: params[key] for key in CALLED_WITH if params and params.get(key)}
    if layer in ("MultiHeadAttention", "GroupQueryAttention"):
        return ((tensors * 2)[:2] if len(tensors) == 1 else tensors), options  # type: ignore[return-value]
    if layer in ("Attention", "AdditiveAttention"):
        return ((tensors * 2 if len(tensors) == 1 else tensors),), options
    if len(tensors) > 1 and states(layer, params or {}):
        return (tensors[0],), {**options, "initial_state": grouped(layer, params or {}, tensors[1:])}
    return (tensors[0] if len(tensors) == 1 else tensors,), options


def put_out(node: Node, output: Any) -> list[Any]:
    """What a layer puts out, one tensor for each of its node's outputs.

    Raises:
        ValueError: It puts out more, or something that is no tensor.
    """
    found, names = keras.tree.flatten(output), output_ports(node)
    if len(found) != len(names) or not all(isinstance(tensor, keras.KerasTensor) for tensor in found):
        raise ValueError(MORE_THAN_ONE)
    return list(found)


def build_model(
    graph: Graph,
    info: DatasetInfo,
    seed: int = 0,
    adapt: np.ndarray | None = None,
    weights: Carried | Path | None = None,
) -> keras.Model:
    """The model that the drawing describes: one entry, and an output for each Output, in their order.

    Args:
        graph: The drawing; nodes that do not lead to an output are left out.
        info: What the data are: gives the input's shape and type.
        seed: The same seed gives the same weights, in any thread.
        adapt: The training part's inputs as the network is fed them, [N, *input_shape]; every layer that keeps
            statistics, bins or a vocabulary and has none of its own takes them from what reaches it.
        weights: What layers begin with in place of drawn weights: arrays by the layer's name, or an .npz file of them
            by "node id/number". A layer that they do not fit keeps its own.

    Raises:
        GraphError: The drawing has no way from input to output, or a layer cannot be placed where it is.
    """
    builder = _Builder(graph, info, seed, adapt, weights is not None)
    model = builder.model()
    if weights is not None:
        carry(graph, builder.layers, weights)
    return model


def answering(model: keras.Model, ends: Sequence[End]) -> keras.Model:
    """The part of a model that gives the answers; it shares the layers, and so the weights.

    Args:
        model: All of the drawing.
        ends: What each of its outputs learns.

    Returns:
        A model with one output a target, the main target's first, then the further ones' in their order.
    """
    if len(model.outputs) == 1:
        return model
    outputs = [model.outputs[place] for place in answering_places(ends)]
    return keras.Model(model.inputs[0], outputs if len(outputs) > 1 else outputs[0], name=model.name)


class _Builder:
    def __init__(self, graph: Graph, info: DatasetInfo, seed: int, adapt: np.ndarray | None, carried: bool) -> None:
        self._graph, self._info, self._seed, self._adapt, self._carried = graph, info, seed, adapt, carried
        self._names = keras_names(graph)
        self._wanted = leading(graph)
        self._tensors: dict[str, list[Any]] = {}
        self._entry: Any = None
        self._made_for: dict[str, tuple[int | None, ...]] = {}
        self.layers: dict[str, keras.layers.Layer] = {}

    def model(self) -> keras.Model:
        graph = self._graph
        if not any(node.id in self._wanted for node in graph.inputs) or not self._wanted.issubset(graph.order):
            raise GraphError(
                "The network must lead from the input to the output.", "", "Link the layers into one stack."
            )
        self._enter()
        for node_id in graph.order:
            if node_id in self._wanted and node_id not in self._tensors:
                self._tensors[node_id] = self._placed(graph.by_id[node_id])
        outputs = [self._tensors[node.id][0] for node in graph.outputs]
        return keras.Model(self._entry, outputs if len(outputs) > 1 else outputs[0], name="network")

    def _enter(self) -> None:
        """Make the entry, and what each Input takes of it."""
        taken = {node.id: places(node, self._info) for node in self._graph.inputs if node.id in self._wanted}
        whole = [node for node, chosen in taken.items() if chosen is None]
        used = {name for node, name in self._names.items() if node not in whole}
        name = self._names[whole[0]] if whole else "sample"
        while name in used:
            name += "_"
        dtype = "int32" if self._info.integer_input else "float32"
        self._entry = keras.Input(shape=self._info.input_shape, dtype=dtype, name=name)
        for node, chosen in taken.items():
            self._tensors[node] = [self._entry if chosen is None else self._columns(node, chosen)]

    def _columns(self, node: str, chosen: tuple[int, ...]) -> Any:
        if not chosen:
            name = self._graph.by_id[node].name
            raise GraphError("An input must take columns that the data have.", name, "Choose its columns anew.")
        tensor = keras.ops.take(self._entry, list(chosen), axis=-1)
        # Keras numbers its operations through the whole process; the drawing's own name is no one else's.
        tensor._keras_history.operation.name = self._names[node]
        return tensor

    def _learned(self, layer: str, params: dict[str, Any], source: Any) -> dict[str, Any]:
        if self._adapt is None:
            # Weights from elsewhere may hold a Normalization's statistics, as Keras itself keeps them.
            return {} if self._carried and layer == "Normalization" else adapting.stand_in(layer, params)
        return adapting.learned(layer, params, adapting.reaching(keras.Model(self._entry, source), self._adapt))

    def _placed(self, node: Node) -> list[Any]:
        graph = self._graph
        sources = [self._tensors[link.source][place_of(graph, link)] for link in arranged(graph, node.id)]
        if not sources:
            raise GraphError("Every layer needs an input.", node.name, "Link it to the layer before it.")
        fault = share_fault(graph, node) or port_fault(graph, node.id)
        if fault:
            raise GraphError(fault, node.name)
        if node.layer == OUTPUT:
            return sources[:1]
        return self._called(node, owner(graph, node), sources)

    def _called(self, node: Node, owned: Node, sources: list[Any]) -> list[Any]:
        """What comes out of a node; its layer is made where it is used for the first time."""
        params = dict(owned.params)
        shapes = [tuple(tensor.shape[1:]) for tensor in sources]
        refused = refusal(node.layer, params, shapes, [str(tensor.dtype) for tensor in sources])
        known = self.layers.get(owned.id)
        if known is None and adapting.unlearned(node.layer, params):
            params |= self._learned(node.layer, params, sources[0])
        try:
            if refused:
                raise ValueError(refused)
            layer = known or make_layer(node.layer, params, name=self._names[owned.id], seed=self._seed)
            arguments, options = call_inputs(node.layer, sources, params)
            outputs = put_out(node, layer(*arguments, **options))
        except WorkbenchError:
            raise
        # Keras and TensorFlow raise classes of many kinds here, and each means: not like this.
        except Exception as error:
            words = str(error) if known is None or refused else not_both(owned, self._made_for[owned.id], shapes[0])
            problem = problem_of(self._graph, node, shapes, words)
            fix = problem.repair.label if problem.repair else problem.hint
            raise GraphError(problem.message, node.name, fix and f"{fix}.") from error
        if known is None:
            seed_weights(layer, params, self._seed)
            self.layers[owned.id], self._made_for[owned.id] = layer, shapes[0]
        return outputs
