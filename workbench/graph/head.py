"""The end of the network: the Dense that makes the answer, and what the data and the loss ask of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Protocol

from workbench.catalog.losses import LossSpec, resolve_loss
from workbench.data.spec import DatasetInfo, TargetInfo
from workbench.graph.edits import set_params
from workbench.graph.model import INPUT, Graph, Node
from workbench.graph.problems import Problem, Repair
from workbench.graph.wiring import owner

# Layers that may stand between the last Dense and the output without changing how many numbers there are.
_PASSING = ("Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization", "Identity")
_ACTIVATING = ("Activation", "Softmax", "ReLU", "LeakyReLU", "PReLU", "ELU")
_CLAMPING = {
    "relu": "nothing below 0",
    "relu6": "only what lies from 0 to 6",
    "sigmoid": "only what lies from 0 to 1",
    "hard_sigmoid": "only what lies from 0 to 1",
    "tanh": "only what lies from -1 to 1",
    "hard_tanh": "only what lies from -1 to 1",
    "softsign": "only what lies from -1 to 1",
    "softplus": "nothing below 0",
    "exponential": "nothing below 0",
    "elu": "nothing below -1",
    "selu": "nothing below -1.8",
}


class Ask(Protocol):
    """What one output must answer, and the loss that tells in which form."""

    @property
    def target(self) -> TargetInfo: ...

    @property
    def loss(self) -> LossSpec: ...


Asks = Mapping[str, Ask]
"""By the id of the Output."""


@dataclasses.dataclass(frozen=True)
class MainAsk:
    """The main target, which every output learns of which nothing else is said."""

    target: TargetInfo
    loss: LossSpec


def asks_alike(graph: Graph, info: DatasetInfo, loss: LossSpec) -> Asks:
    """Every output asked for the main target."""
    ask = MainAsk(info.main, loss)
    return {node.id: ask for node in graph.outputs}


@dataclasses.dataclass(frozen=True)
class Head:
    """The last layers of the network.

    Args:
        dense: The Dense that makes the answer; None where there is none.
        activator: The node that gives the answer its activation, the Dense itself included.
        last: The node that feeds the output.
    """

    dense: Node | None
    activator: Node | None
    last: Node | None

    @property
    def activation(self) -> str:
        """The activation of what goes out, by Keras's name."""
        node = self.activator
        if node is None:
            return "linear"
        if node.layer in ("Dense", "Activation"):
            return str(node.params.get("activation") or ("relu" if node.layer == "Activation" else "linear"))
        return {"Softmax": "softmax", "ReLU": "relu", "ELU": "elu"}.get(node.layer, "leaky_relu")


def head(graph: Graph, output: Node | None = None) -> Head:
    """Walk back from an output, the first where none is named, to the Dense that makes the answer."""
    last = activator = None
    current = output or graph.output
    while current is not None:
        incoming = graph.incoming[current.id]
        if len(incoming) != 1 or current.layer == INPUT:
            break
        current = graph.by_id[incoming[0].source]
        last = last or current
        if current.layer == "Dense":
            # One that is used again is changed where it is kept.
            current = owner(graph, current)
            plain = (current.params.get("activation") or "linear") == "linear"
            return Head(current, activator if activator is not None and plain else activator or current, last)
        if current.layer in _ACTIVATING:
            activator = activator or current
        elif current.layer not in _PASSING:
            break
    return Head(None, activator, last)


def fit_head(graph: Graph, info: DatasetInfo, loss: str = "auto", asks: Asks | None = None) -> Graph:
    """The graph with each last Dense made to answer what the data ask: its units, and the activation that fits.

    Args:
        graph: The drawing.
        info: What the data are.
        loss: The plan's loss; it may ask for a single output.
        asks: What outputs answer that learn something else; all others learn the main target.
    """
    wanted = {**asks_alike(graph, info, resolve_loss(loss, info)), **(asks or {})}
    for output in graph.outputs:
        graph = _fitted(graph, head(graph, output), wanted[output.id].loss)
    return graph


def _fitted(graph: Graph, found: Head, wanted: LossSpec) -> Graph:
    if found.dense is None or found.activator is None:
        return graph
    fitted = set_params(graph, found.dense.id, {"units": wanted.outputs})
    if found.activation == wanted.activation:
        return fitted
    if found.activator.layer in ("Dense", "Activation"):
        value = ... if wanted.activation == "linear" and found.activator.layer == "Dense" else wanted.activation
        return set_params(fitted, found.activator.id, {"activation": value})
    if found.activator.layer == "Softmax" and wanted.activation != "softmax":
        softmax = found.activator.model_copy(
            update={"layer": "Activation", "params": {"activation": wanted.activation}}
        )
        return fitted.replaced(softmax)
    return fitted


def head_problems(graph: Graph, info: DatasetInfo, asks: Asks) -> list[Problem]:
    """Where an end of the network does not fit the data or the loss."""
    found = [
        problem
        for output in graph.outputs
        if output.id in asks
        for problem in _head_problems(head(graph, output), info, asks[output.id])
    ]
    return [problem for place, problem in enumerate(found) if problem not in found[:place]]


def _head_problems(found: Head, info: DatasetInfo, ask: Ask) -> list[Problem]:
    loss = ask.loss
    problems: list[Problem] = []
    if found.last is None:
        return problems
    if found.dense is not None and found.dense.params.get("units", 64) != loss.outputs:
        problems.append(_units(found.dense, info, ask))
    if found.dense is not None or found.activation != "linear":
        problem = _activation(found, loss)
        if problem is not None:
            problems.append(problem)
    return problems


def asked(info: DatasetInfo, ask: Ask) -> str:
    """What the data ask of an output, in words; the target is named where there are several."""
    target, loss = ask.target, ask.loss
    if target.task == "regression":
        return f"one value ({target.name})" if target.name else "one value"
    of = f" ({target.name})" if info.further else ""
    if loss.outputs == 1:
        return f"one probability, of the second class{of}"
    return f"{loss.outputs} classes{of}"


def new_head(output: str, loss: LossSpec) -> Repair:
    """The repair that puts a fitting Dense before the output."""
    params: dict[str, object] = {"units": loss.outputs}
    if loss.activation != "linear":
        params["activation"] = loss.activation
    words = f"Insert a Dense with {loss.outputs} unit{'s' if loss.outputs > 1 else ''}"
    return Repair(words, "insert_before", output, {"layer": "Dense", "params": params})


def _units(dense: Node, info: DatasetInfo, ask: Ask) -> Problem:
    loss = ask.loss
    units = dense.params.get("units", 64)
    numbers = "1 number" if units == 1 else f"{units} numbers"
    return Problem(
        f"The data ask for {asked(info, ask)}, but this last layer puts out {numbers}.",
        dense.id,
        Repair(f"Set the units to {loss.outputs}", "set_params", dense.id, {"params": {"units": loss.outputs}}),
    )


def _activation(found: Head, loss: LossSpec) -> Problem | None:
    node, activation = found.activator, found.activation
    if node is None or activation == loss.activation:
        return None
    if loss.activation == "linear":
        if activation not in (*_CLAMPING, "softmax", "log_softmax"):
            return None
        limits = _CLAMPING.get(activation, "only probabilities")
        message = f"Values of any size are asked for, but {activation} lets through {limits}."
        grave = activation in ("softmax", "log_softmax")
    elif loss.activation == "softmax":
        message = (
            f"The loss {loss.title!r} expects probabilities that add up to 1, but the last activation is {activation}."
        )
        grave = activation != "sigmoid"
    else:
        message = f"The loss {loss.title!r} expects a probability from 0 to 1, but the last activation is {activation}."
        grave = activation != "hard_sigmoid"
    return Problem(message, node.id, _activation_repair(node, loss.activation), "error" if grave else "warning")


def _activation_repair(node: Node, activation: str) -> Repair:
    if node.layer in ("Dense", "Activation"):
        value = ... if activation == "linear" and node.layer == "Dense" else activation
        return Repair(f"Set the activation to {activation}", "set_params", node.id, {"params": {"activation": value}})
    if activation == "linear":
        return Repair(f"Remove the {node.layer}", "remove", node.id)
    return Repair(
        f"Add the activation {activation}",
        "insert_after",
        node.id,
        {"layer": "Activation", "params": {"activation": activation}},
    )
