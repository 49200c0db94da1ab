"""Rules about the size of a step: a loss that is no number, a learning rate too high or too low."""

from __future__ import annotations

import numpy as np

from workbench.catalog.optimizers import optimizer_spec
from workbench.diagnosis.evidence import Evidence, Facts
from workbench.diagnosis.found import Found, Remedy, remedy, rounded

SMITH = "Smith, Cyclical Learning Rates for Training Neural Networks (2017), arXiv:1506.01186"
GOODFELLOW = "Goodfellow, Bengio and Courville, Deep Learning (2016), sections 8.2.4 and 8.3.1"
KARPATHY = "Karpathy, CS231n, Neural Networks 3: the ratio of updates to weights (cs231n.github.io/neural-networks-3)"

RISEN = 1.5
"""A mean loss of an epoch this many times the level of knowing nothing is no noise: a net that learns is below it."""
JUMP = 1.3
"""A healthy epoch's mean loss stays below the loss at the start; above it by this much, the first steps did harm."""
SPIKE = 3.0
"""A few batches vary more than a whole epoch, most of all with values of long tails."""
STUCK = 0.9
"""A loss above this part of the level of knowing nothing has learnt nothing to speak of."""
ROUGH = 0.2
"""Epoch means of healthy runs move by a few percent against their trend; dropout and small batches included."""
RISES = 0.35
"""A loss that falls with noise rises in fewer epochs than this part."""
IN_EARNEST = 0.1
"""Below this part of the level, a loss is so small that its jumps no longer matter."""
FEW_STEPS = 100
"""So many steps must have been made before slowness can be blamed on their size."""
FEW_EPOCHS = 5
"""So many epochs must have ended before a trend is seen."""
CRAWL = 0.15
"""A run that lost less than this part of its loss so far has hardly begun."""
STEADY = 0.5
"""The second half of a curve that falls at least this part as fast as the first has not levelled off."""
DRIFT = 2e-5
"""Weights that move less than this part of their length a step hardly move; about 1e-3 is healthy (Karpathy)."""


def diverged(evidence: Evidence) -> list[Found]:
    """The loss or the weights are no numbers any more."""
    broken, facts = evidence.broken, evidence.facts
    if broken is None:
        return []
    where = f", batch {broken.step}" if broken.step else ""
    began = {
        "activations": f"what the layer '{broken.layer}' puts out was no longer finite",
        "gradients": f"the gradients of the layer '{broken.layer}' were no longer finite",
        "weights": f"the weights of the layer '{broken.layer}' were no longer finite",
        "loss": "the loss was no longer finite, while the network's answers still were",
    }[broken.what if broken.layer or broken.what == "loss" else "loss"]
    losses = [(float(stretch.step), stretch.loss) for stretch in evidence.stretches if np.isfinite(stretch.loss)]
    rate = facts.learning_rate
    return [
        Found(
            rule="divergence",
            severity="error",
            message=f"The training broke: in epoch {broken.epoch}{where}, {began}.",
            hint=f"Steps of {rate:g} carried the weights so far that numbers overflowed. Smaller steps keep them in "
            "range; clipping the gradients guards against single large ones.",
            source=GOODFELLOW,
            layer=broken.layer,
            evidence={"x": [step for step, _ in losses], "loss": [loss for _, loss in losses]},
            remedy=lower_rate(facts, rate),
        )
    ]


def rate_too_high(evidence: Evidence) -> list[Found]:
    """The loss stands above where it began, jumped and never came back, or swings from epoch to epoch."""
    if evidence.broken is not None or evidence.level is None or len(evidence.epochs) < 2 or evidence.steps < 20:
        return []
    for seen in (_risen, _jumped, _swings):
        words = seen(evidence)
        if words:
            rate = evidence.epochs[-1].learning_rate or evidence.facts.learning_rate
            return [
                Found(
                    rule="learning_rate_high",
                    severity="warning",
                    message=f"The learning rate of {rate:g} looks too high: {words}.",
                    hint="Steps that are too long overshoot the valley they are meant to go down. A range test finds "
                    "the longest that still helps.",
                    source=SMITH,
                    evidence=evidence.curves("loss", "val_loss"),
                    remedy=lower_rate(evidence.facts, rate),
                )
            ]
    return []


def _risen(evidence: Evidence) -> str:
    losses = evidence.series("loss")
    floor = max(evidence.level or 0.0, min(evidence.start or 0.0, 3 * (evidence.level or 0.0)))
    if losses[-1] > RISEN * floor and losses[-1] > 0.8 * losses[:-1].min():
        return f"after epoch {len(losses)} the loss is {losses[-1]:.3g}, above the {floor:.3g} of knowing nothing"
    return ""


def _jumped(evidence: Evidence) -> str:
    losses, level = evidence.series("loss"), evidence.level or 0.0
    floor = max(level, evidence.start or 0.0)
    peak = max((stretch.loss for stretch in evidence.stretches), default=0.0)
    top = max(float(losses.max()), peak)
    # The first epoch is held against a single batch, which may have been an easy one.
    jumped = losses[1:].max(initial=0.0) > JUMP * floor or losses[0] > 2 * floor or peak > SPIKE * floor
    if len(losses) >= 3 and jumped and np.median(losses[-3:]) > STUCK * level:
        return f"the loss jumped to {top:.3g} and stays at {losses[-1]:.3g}; knowing nothing gives {level:.3g}"
    return ""


def _swings(evidence: Evidence) -> str:
    for name in ("loss", "val_loss"):
        values = evidence.series(name)[-10:]
        # The validation loss of a healthy run is rougher than its training loss: fewer samples, and no averaging.
        rough, least = (ROUGH, IN_EARNEST) if name == "loss" else (2 * ROUGH, 5 * IN_EARNEST)
        if len(values) < 6 or not np.isfinite(values).all():
            continue
        moves = np.diff(values)
        middle = float(np.median(values))
        swing = float(np.median(np.abs(moves))) / max(middle, 1e-12)
        if (moves > 0).mean() >= RISES and swing > rough and middle > least * (evidence.level or 0.0):
            what = "loss" if name == "loss" else "validation loss"
            return f"the {what} swings by {swing:.0%} from epoch to epoch, up as often as down"
    return ""


def rate_too_low(evidence: Evidence) -> list[Found]:
    """The loss falls, but so slowly that the planned epochs will not do."""
    losses, facts, level = evidence.series("loss"), evidence.facts, evidence.level
    if level is None or len(losses) < FEW_EPOCHS or evidence.steps < FEW_STEPS or evidence.faded:
        return []
    first, last = float(losses[0]), float(losses[-1])
    gone = 1 - last / first
    if not np.isfinite(losses).all() or last < 0.6 * level or gone > CRAWL or np.std(losses) == 0:
        return []
    middle = len(losses) // 2
    early, late = first - float(losses[middle]), float(losses[middle]) - last
    steady = (np.diff(losses) < 0).mean() >= 0.8 and late >= STEADY * early * (len(losses) - 1 - middle) / middle
    left = facts.epochs - len(losses)
    slope = late / max(1, len(losses) - 1 - middle)
    crawls = _hardly_moves(evidence)
    if not (steady or crawls) or last - slope * left < 0.7 * first:
        return []
    rate = evidence.epochs[-1].learning_rate or facts.learning_rate
    higher = rounded(max(10 * rate, usual_rate(facts.optimizer) if crawls else 0.0))
    return [
        Found(
            rule="learning_rate_low",
            severity="warning",
            message=f"The learning rate of {rate:g} looks too low: in {evidence.steps:,} steps the loss fell by only "
            f"{max(gone, 0):.1%}, from {first:.3g} to {last:.3g}"
            + (f", and the weights moved by {crawls:.1e} of their length a step." if crawls else ", and evenly."),
            hint="The network learns in the right direction, but in tiny steps. Larger ones get there sooner; a range "
            "test finds how large.",
            source=SMITH if not crawls else KARPATHY,
            evidence=evidence.curves("loss"),
            remedy=remedy(f"Raise the learning rate to {higher:g}", {"training.learning_rate": higher}),
        )
    ]


def _hardly_moves(evidence: Evidence) -> float:
    """How little the weights move a step, where that is too little although there are gradients; else 0."""
    if not evidence.looks:
        return 0.0
    look = evidence.looks[-1]
    moves = [layer.drift / max(look.step, 1) for layer in look.layers if layer.drift is not None and layer.gradient]
    return float(np.median(moves)) if moves and 0 < np.median(moves) < DRIFT and look.norm > 1e-3 else 0.0


def lower_rate(facts: Facts, rate: float) -> Remedy:
    """A tenth of the learning rate, or the optimizer's usual one where it is beyond that."""
    lower = calmer_rate(facts.optimizer, rate)
    return remedy(f"Lower the learning rate to {lower:g}", {"training.learning_rate": lower})


def calmer_rate(optimizer: str, rate: float) -> float:
    """A tenth of a learning rate, or the optimizer's usual one where that is less."""
    return rounded(min(rate / 10, usual_rate(optimizer)))


def usual_rate(optimizer: str) -> float:
    """The learning rate that one begins with for an optimizer."""
    spec = optimizer_spec(optimizer)
    return spec.learning_rate if spec is not None else 0.001
