"""The fused optimizers, beside Keras's own."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from workbench.engine.fused import FUSED

CHOICES: list[tuple[str, dict[str, Any]]] = [
    ("Adam", {}),
    ("Adam", {"beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-3, "clipnorm": 0.5}),
    ("Adam", {"amsgrad": True}),
    ("Adam", {"gradient_accumulation_steps": 2, "use_ema": True}),
    ("Adam", {"weight_decay": 0.1}),
    ("AdamW", {"weight_decay": 0.1}),
    ("SGD", {}),
    ("SGD", {"momentum": 0.9}),
    ("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
]


def trained(kind: type[keras.optimizers.Optimizer], choices: dict[str, Any]) -> tuple[list[np.ndarray], set[str]]:
    """What a network with an embedding and dense layers, and its optimizer, hold after six steps; its kernels."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((4,), dtype="int32"),
            keras.layers.Embedding(11, 5),
            keras.layers.Flatten(),
            keras.layers.Dense(7, activation="tanh"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(kind(learning_rate=0.05, **choices), "sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    random = np.random.default_rng(0)

    signature = (tf.TensorSpec((8, 4), tf.int32), tf.TensorSpec((8,), tf.int32))
    step = tf.function(lambda x, y: model.train_step((x, y)), autograph=False).get_concrete_function(*signature)
    for _ in range(6):
        step(tf.constant(random.integers(0, 11, (8, 4)), tf.int32), tf.constant(random.integers(0, 3, 8), tf.int32))
    graph = step.graph.as_graph_def()
    kernels = {node.op for node in graph.node}
    kernels |= {node.op for function in graph.library.function for node in function.node_def}
    return [np.array(variable) for variable in (*model.variables, *model.optimizer.variables)], kernels


@pytest.mark.parametrize(("name", "choices"), CHOICES)
def test_that_a_fused_optimizer_learns_what_keras_own_learns(name: str, choices: dict[str, Any]) -> None:
    own, plain = trained(getattr(keras.optimizers, name), choices)
    fused, kernels = trained(FUSED[name], choices)
    for theirs, ours in zip(own, fused, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=2e-6)
    used = {kernel for kernel in kernels - plain if kernel.startswith("ResourceApply")}
    assert bool(used) != bool(choices.get("amsgrad"))


@pytest.mark.parametrize("name", FUSED)
def test_that_a_fused_optimizer_takes_what_keras_own_takes(name: str) -> None:
    own, fused = getattr(keras.optimizers, name), FUSED[name]
    assert fused(0.1, name="it").get_config() == own(0.1, name="it").get_config()
    variables = [keras.Variable(np.zeros((2, 3), "float32"))]
    paths = []
    for kind in (own, fused):
        optimizer = kind(0.1, name="it")
        optimizer.build(variables)
        paths.append([variable.path for variable in optimizer.variables])
    assert paths[0] == paths[1]
