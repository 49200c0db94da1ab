"""A plan, its network and its data as the rules of the diagnosis know them."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from workbench.data.dataset import Dataset
from workbench.diagnosis.evidence import Facts, LayerFacts
from workbench.engine.layers import keras_names
from workbench.graph.head import head
from workbench.graph.model import INPUT, OUTPUT, Graph, Node
from workbench.graph.rules import leading
from workbench.project.model import Project
from workbench.project.outputs import ends_of, main_place

_PLAIN = ("Dense", "Conv", "Depthwise", "Separable", "EinsumDense", "Activation")
"""Layers whose activation is of what they put out; recurrent ones squash inside."""


def facts_of(project: Project, dataset: Dataset, core: keras.Model, *, fresh: bool = True) -> Facts:
    """What is known of a training before it begins.

    Args:
        project: Its drawing and its plan.
        dataset: Opened.
        core: The network that is trained.
        fresh: Whether its weights were drawn anew.
    """
    settings, info = project.training, dataset.info
    outputs = project.graph.outputs
    ends = ends_of(settings, info, [node.name for node in outputs])
    # What the rules know of classes, losses and figures is of the main target.
    main = main_place(ends)
    loss, end = ends[main].loss, head(project.graph, outputs[main])
    activator = end.activator
    train = dataset.part("train")
    classes = len(info.classes)
    split = dataset.spec.split
    return Facts(
        task=info.task,
        train=len(train),
        validation=len(dataset.part("validation")),
        test=len(dataset.part("test")),
        loss=loss.name,
        wanted=loss.activation,
        activation=end.activation,
        activator=activator.name if activator is not None and activator.layer in ("Dense", "Activation") else "",
        optimizer=settings.optimizer,
        learning_rate=settings.learning_rate,
        batch_size=settings.batch_size,
        epochs=settings.total_epochs,
        classes=info.classes,
        counts=tuple(np.bincount(train.y, minlength=classes).tolist()) if classes else (),
        split=(split.train, split.validation, split.test),
        loss_params=ends[main].params,
        class_weights=settings.class_weights,
        weight=1.0 if train.weight is None else float(train.weight.mean(dtype=np.float64)),
        weight_decay=settings.weight_decay,
        early_stopping=settings.early_stopping.enabled,
        fresh=fresh,
        ignored=dataset.spec.ignored,
        layers=layer_facts(project.graph, core),
    )


def layer_facts(graph: Graph, core: keras.Model) -> tuple[LayerFacts, ...]:
    """The layers that lead to an answer, in the order of the network."""
    names, wanted, heads = keras_names(graph), leading(graph), [head(graph, output) for output in graph.outputs]
    ends = {node.id for end in heads for node in (end.dense, end.activator, end.last) if node is not None}
    made = {layer.name: layer for layer in core.layers}
    found = []
    for node_id in graph.order:
        node = graph.by_id[node_id]
        layer = made.get(names[node_id])
        if node_id not in wanted or node.layer in (INPUT, OUTPUT) or layer is None:
            continue
        found.append(_facts(node, layer, answers=node_id in ends))
    return tuple(found)


def _facts(node: Node, layer: Any, *, answers: bool) -> LayerFacts:
    activation = ""
    if node.layer.startswith(_PLAIN):
        activation = str(node.params.get("activation") or ("relu" if node.layer == "Activation" else ""))
    elif node.layer == "ReLU":
        activation = "relu"
    shape = getattr(layer.output, "shape", None)
    units = int(shape[-1] or 0) if shape is not None and len(shape) > 1 else 0
    return LayerFacts(
        id=node.id,
        name=node.name,
        kind=node.layer,
        activation=activation,
        params=dict(node.params),
        units=units,
        learns=bool(layer.trainable_weights),
        answers=answers,
    )
