"""Rules about how a run begins: the first loss, the last layer, the size of a batch."""

from __future__ import annotations

from workbench.diagnosis.evidence import Evidence, Facts, LayerFacts
from workbench.diagnosis.found import Found, Remedy, remedy

KARPATHY = "Karpathy, A Recipe for Training Neural Networks (2019), karpathy.github.io: verify the loss at the start"
KERAS_LOSSES = "keras.io/api/losses"
KESKAR = "Keskar and others, On Large-Batch Training for Deep Learning (2017), arXiv:1609.04836"
WU_HE = "Wu and He, Group Normalization (2018), arXiv:1803.08494: batch normalization fails with small batches"
MASTERS = "Masters and Luschi, Revisiting Small Batch Training for Deep Neural Networks (2018), arXiv:1804.07612"

HIGH = 2.5
"""The spread of fresh answers costs about half of the level more; two and a half times the level is no spread."""
HIGH_VALUE = 6.0
"""Values have no bound: a fresh layer's answers to ten features that go together spread by up to five variances."""
LOW = 0.5
"""A fresh network cannot know half of the answer."""
FEW_UPDATES = 60
"""Fewer steps than this in a whole run hardly move fresh weights."""
TINY = 2
"""Batches of one or two samples are all noise, and take many times as long."""
TINY_NORMED = 8
"""Of fewer samples than this, batch normalization takes means that say little (Wu and He, figure 1)."""
MANY = 500
"""Where there are fewer samples, tiny batches cost little."""
CLAMPS = ("relu", "relu6", "sigmoid", "hard_sigmoid", "tanh", "hard_tanh", "softsign", "softmax", "softplus")


def start_loss(evidence: Evidence) -> list[Found]:
    """The first batch's loss is not that of a network that knows nothing."""
    facts, start = evidence.facts, evidence.start
    level = facts.chance
    if start is None or level is None or not facts.fresh or any(penalty(layer) for layer in facts.layers):
        return []
    high = start > (HIGH if facts.task == "classification" else HIGH_VALUE) * level + 0.5
    # A batch of a few values may by chance be near the mean: a low start tells only with classes.
    low = facts.task == "classification" and start < LOW * level and facts.class_weights == "equal"
    if not high and not low:
        return []
    theory = (
        f"ln {len(facts.classes)} = {level:.3g}"
        if facts.task == "classification"
        else f"about {level:g}, from the target's spread"
    )
    return [
        Found(
            rule="start_loss",
            severity="warning" if high else "info",
            message=f"The loss starts at {start:.3g}, where a network that knows nothing has {theory}.",
            hint="Its first answers are far too sure of themselves: the first weights or the inputs are too large, or "
            "the last layer does not fit the loss."
            if high
            else "It knows the answer before it has learnt anything: look for the answer among the inputs.",
            source=KARPATHY,
            evidence={"labels": ["theory", "start"], "loss": [level, start]},
            remedy=drawn(facts) if high else None,
        )
    ]


def drawn(facts: Facts) -> Remedy | None:
    """The edit that lets Keras draw the first weights; None where it does already."""
    fixed = [layer.name for layer in facts.layers if "kernel_initializer" in layer.params]
    if not fixed:
        return None
    return remedy(
        "Draw the first weights as Keras does", {f"model.{name}.kernel_initializer": "glorot_uniform" for name in fixed}
    )


def penalty(layer: LayerFacts) -> float:
    """How strongly a layer's weights are punished for their size: the largest factor of its regularizers."""
    most = 0.0
    for name, value in layer.params.items():
        if not name.endswith("_regularizer") or not isinstance(value, dict):
            continue
        settings = value.get("config") or {}
        most = max([most, *(float(settings.get(key) or 0) for key in ("l1", "l2"))])
    return most


def output_mismatch(evidence: Evidence) -> list[Found]:
    """The last activation is not the one that the loss expects."""
    facts = evidence.facts
    last = next((layer for layer in facts.layers if layer.answers), None)
    raw = bool(facts.loss_params.get("from_logits"))
    wanted = "linear" if raw else facts.wanted
    if last is None or facts.activation == wanted:
        return []
    if wanted == "linear" and facts.activation not in CLAMPS:
        return []
    name = facts.activator or last.name
    if raw:
        words = f"the loss is set to take raw numbers (from_logits), but the last layer ends in {facts.activation}"
        edit = remedy("Let the loss take probabilities", {"training.loss_params": {}})
    else:
        asked = "values of any size are asked for" if wanted == "linear" else f"the loss expects {wanted}'s answers"
        words = f"{asked}, but the last layer ends in {facts.activation}"
        edit = remedy(f"Set the last activation to {wanted}", {f"model.{name}.activation": wanted})
    return [
        Found(
            rule="output_mismatch",
            severity="warning",
            message=f"The output does not fit the loss: {words}.",
            hint="The loss then cannot fall as far as it should, or measures something else.",
            source=KERAS_LOSSES,
            layer=name,
            evidence=evidence.curves("loss"),
            remedy=edit,
        )
    ]


def batch_size(evidence: Evidence) -> list[Found]:
    """So large batches that there are hardly any steps, or so small ones that each step is chance."""
    facts = evidence.facts
    return [*_too_large(evidence), *_too_small(evidence)] if facts.train > 1 else []


def _too_large(evidence: Evidence) -> list[Found]:
    facts = evidence.facts
    updates = facts.steps * facts.epochs
    learnt = evidence.learnt
    if updates >= FEW_UPDATES or facts.steps > 4 or facts.batch_size <= 32 or facts.train < 64:
        return []
    if learnt is None or len(evidence.epochs) < max(3, facts.epochs / 2) or learnt > 0.5:
        return []
    smaller = 32 if facts.train >= 256 else 16
    return [
        Found(
            rule="batch_large",
            severity="warning",
            message=f"With batches of {facts.batch_size:,}, an epoch is {facts.steps} "
            f"step{'s' if facts.steps > 1 else ''} and the whole run only {updates}.",
            hint="The weights move once a batch. Smaller batches make more steps of the same samples, and often end in "
            "better places.",
            source=KESKAR,
            evidence=evidence.curves("loss"),
            remedy=remedy(f"Use batches of {smaller}", {"training.batch_size": smaller}),
        )
    ]


def _too_small(evidence: Evidence) -> list[Found]:
    facts = evidence.facts
    normed = [layer for layer in facts.layers if layer.kind == "BatchNormalization"]
    few = facts.batch_size < TINY_NORMED if normed else facts.batch_size <= TINY
    if not few or facts.train < (64 if normed else MANY):
        return []
    words = f"Batches of {facts.batch_size} " + (
        f"are too few for the means that '{normed[0].name}' takes."
        if normed
        else f"make {facts.steps:,} steps an epoch, each by the chance of its samples."
    )
    return [
        Found(
            rule="batch_small",
            severity="warning",
            message=words,
            hint="Larger batches are steadier and many times faster.",
            source=WU_HE if normed else MASTERS,
            layer=normed[0].name if normed else "",
            evidence=evidence.curves("loss", "val_loss"),
            remedy=remedy("Use batches of 32", {"training.batch_size": 32}),
        )
    ]
