"""Live shape inference: Keras itself says what each layer makes of its input, without allocating a weight.

Each pass runs in a fresh, short-lived thread: Keras keeps uninitialised variables in a thread-local list, and a later
traced layer in the same thread would initialise, and so allocate, all of them. What was found is kept by class,
arguments and input, so that an edit costs only what lies downstream of it.
"""

from __future__ import annotations

import dataclasses
import json
import threading
from collections import OrderedDict
from typing import Any

import keras

from workbench.data.spec import DatasetInfo
from workbench.engine import adapt, cost
from workbench.engine.build import call_inputs, put_out
from workbench.engine.cost_inside import weigh
from workbench.engine.layers import make_layer
from workbench.engine.needs import refusal
from workbench.engine.translate import not_both
from workbench.graph.inputs import input_shape
from workbench.graph.model import INPUT, OUTPUT, Graph, Node
from workbench.graph.ports import place_of
from workbench.graph.wiring import arranged, owner, port_fault, share_fault

CACHE_SIZE = 8192


@dataclasses.dataclass(frozen=True)
class Spec:
    """What flows over a link: one sample's shape, the batch axis apart, and the type of its numbers."""

    shape: tuple[int | None, ...]
    dtype: str = "float32"


@dataclasses.dataclass(frozen=True)
class Inferred:
    """What Keras says of one layer. `error` holds its own words; `output` is None where there is none.

    `others` is what a layer with several outputs puts out beside the first, in their order.

    `flops` and `activation_bytes` are for one sample.
    """

    output: Spec | None = None
    params: int = 0
    trainable: int = 0
    flops: int = 0
    activation_bytes: int = 0
    error: str = ""
    inputs: tuple[Spec, ...] = ()
    others: tuple[Spec, ...] = ()

    def at(self, place: int) -> Spec | None:
        """What comes out at one of its outputs, counted from 0."""
        if not place:
            return self.output
        return self.others[place - 1] if place <= len(self.others) else None


_Key = tuple[str, str, tuple[Spec, ...], tuple[tuple[Spec, ...], ...]]
_cache: OrderedDict[_Key, Inferred] = OrderedDict()
_cache_lock = threading.Lock()


def infer(graph: Graph, info: DatasetInfo) -> dict[str, Inferred]:
    """What each node makes of its input, by id; a node that nothing usable reaches has neither output nor error."""
    found, complete = _walk(graph, info, compute=False)
    if complete:
        return found
    results: list[dict[str, Inferred]] = []
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with keras.StatelessScope(initialize_variables=False):
                results.append(_walk(graph, info, compute=True)[0])
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=work, name="shape-inference")
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return results[0]


def _walk(graph: Graph, info: DatasetInfo, *, compute: bool) -> tuple[dict[str, Inferred], bool]:
    found: dict[str, Inferred] = {}
    called: dict[str, list[tuple[Spec, ...]]] = {}
    for node_id in graph.order:
        node = graph.by_id[node_id]
        if node.layer == INPUT:
            found[node_id] = _entered(node, info)
            continue
        sources = [found[link.source].at(place_of(graph, link)) for link in arranged(graph, node_id)]
        inputs = tuple(spec for spec in sources if spec is not None)
        if not inputs or len(inputs) < len(sources):
            found[node_id] = Inferred()
        elif fault := share_fault(graph, node) or port_fault(graph, node_id):
            found[node_id] = Inferred(error=fault, inputs=inputs)
        elif node.layer == OUTPUT:
            found[node_id] = Inferred(inputs[0], inputs=inputs)
        else:
            owned = owner(graph, node)
            before = called.setdefault(owned.id, [])
            known = _known(owned, inputs, () if before == [inputs] else tuple(before), compute=compute)
            if known is None:
                return found, False
            if known.error and before:
                alone = _known(owned, inputs, (), compute=compute)
                if alone is None:
                    return found, False
                known = (
                    known
                    if alone.error
                    else dataclasses.replace(known, error=not_both(owned, before[0][0].shape, inputs[0].shape))
                )
            found[node_id] = known
            if known.output is not None and inputs not in before:
                before.append(inputs)
    return found, True


def _entered(node: Node, info: DatasetInfo) -> Inferred:
    shape = input_shape(node, info)
    if 0 in shape:
        return Inferred()
    dtype = "int32" if info.integer_input else "float32"
    return Inferred(Spec(shape, dtype), activation_bytes=cost.activation_bytes(INPUT, (), shape, (), dtype=dtype))


def _known(
    node: Node, inputs: tuple[Spec, ...], before: tuple[tuple[Spec, ...], ...], *, compute: bool
) -> Inferred | None:
    key = (node.layer, json.dumps(node.params, sort_keys=True, default=str), inputs, before)
    with _cache_lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    if not compute:
        return None
    answer = _asked(node, inputs, before)
    with _cache_lock:
        _cache[key] = answer
        while len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    return answer


def _asked(node: Node, inputs: tuple[Spec, ...], before: tuple[tuple[Spec, ...], ...] = ()) -> Inferred:
    """What Keras says of a layer that was called on `before` already, each in turn."""
    refused = refusal(node.layer, node.params, [spec.shape for spec in inputs], [spec.dtype for spec in inputs])
    if refused:
        return Inferred(error=refused, inputs=inputs)
    # The training sets what is learnt from the data; it is no weight.
    params = {**node.params, **adapt.stand_in(node.layer, node.params)}
    try:
        layer = make_layer(node.layer, params, name="layer")
        for specs in before:
            _call(layer, node, specs)
        outputs = put_out(node, _call(layer, node, inputs))
    # Keras, TensorFlow and our own checks raise classes of many kinds here, and each means: not like this.
    except Exception as error:
        return Inferred(error=str(error) or type(error).__name__, inputs=inputs)
    output, shape = outputs[0], tuple(outputs[0].shape[1:])
    work, kept = weigh(layer, node.layer, [spec.shape for spec in inputs], shape, str(output.dtype))
    return Inferred(
        Spec(shape, str(output.dtype)),
        params=sum(cost.count(weight.shape) for weight in layer.weights),
        trainable=sum(cost.count(weight.shape) for weight in layer.trainable_weights),
        flops=work,
        activation_bytes=kept,
        inputs=inputs,
        others=tuple(Spec(tuple(other.shape[1:]), str(other.dtype)) for other in outputs[1:]),
        error="nothing is left" if any(size == 0 for size in shape) else "",
    )


def _call(layer: Any, node: Node, inputs: tuple[Spec, ...]) -> Any:
    tensors = [keras.KerasTensor((None, *spec.shape), dtype=spec.dtype) for spec in inputs]
    arguments, options = call_inputs(node.layer, tensors, node.params)
    return layer(*arguments, **options)
