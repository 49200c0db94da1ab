"""Rules about what is learnt: by heart, too little, or nothing more."""

from __future__ import annotations

import numpy as np

from workbench.diagnosis.evidence import Evidence
from workbench.diagnosis.found import Found, Remedy, remedy
from workbench.diagnosis.rules.start import drawn, penalty

PRECHELT = "Prechelt, Early Stopping, But When? (1998)"
SRIVASTAVA = "Srivastava and others, Dropout (JMLR 15, 2014)"
GOODFELLOW = "Goodfellow, Bengio and Courville, Deep Learning (2016), section 5.2"
KERAS_PLATEAU = "keras.io/api/callbacks/reduce_lr_on_plateau"

WORSE = 1.25
"""Validation losses of healthy runs wander by a tenth or so after their best; a quarter above it is a trend."""
AT_LEAST = 0.1
"""A rise smaller than this part of the level of knowing nothing does no harm, however many times the best it is."""
SINCE = 3
"""The validation loss must have risen for so many epochs: single bad ones are noise."""
GAP = 0.15
"""Shares of right answers that differ by less between training and validation are common, and do little harm."""
LEVEL = 0.005
"""Over the last quarter of a run, less than this part was gained: nothing more is learnt."""
NOTHING = 0.9
"""A loss above this part of what knowing only the frequencies gives has learnt nothing to speak of."""
LITTLE = 0.5
"""A levelled loss above this part of knowing nothing, in a network that is held back, is blamed on what holds it."""
HEAVY_DROPOUT = 0.7
"""Dropout works best at 0.2 to 0.5 (Srivastava, section 7.3); beyond this the network starves."""
HEAVY_DECAY = 0.05
"""Weight decays in use are 1e-5 to 1e-2; beyond this, weights shrink faster than they learn."""
HEAVY_PENALTY = 0.05
"""L1 and L2 penalties in use are 1e-5 to 1e-2."""


def overfitting(evidence: Evidence) -> list[Found]:
    """The validation loss rises while the training loss falls, or the training part is known by heart."""
    words = _rises(evidence) or _by_heart(evidence)
    if not words or evidence.broken is not None:
        return []
    return [
        Found(
            rule="overfitting",
            severity="warning",
            message=f"The network learns the training part by heart: {words}.",
            hint="What it learns now does not hold for new samples. More or varied samples help most; dropout, weight "
            "decay, a smaller network, and an end at the best epoch help too. The best epoch's model is kept anyway.",
            source=f"{PRECHELT}; {SRIVASTAVA}",
            evidence=evidence.curves("loss", "val_loss", "accuracy", "val_accuracy"),
            remedy=_regularised(evidence),
        )
    ]


def _rises(evidence: Evidence) -> str:
    held, learnt, level = evidence.series("val_loss"), evidence.series("loss"), evidence.level
    if len(held) < SINCE + 2 or not np.isfinite(held).all() or level is None:
        return ""
    best = int(held.argmin())
    now = float(np.median(held[-3:]))
    since = len(held) - 1 - best
    known = float(np.median(learnt[-3:]))
    # Who does worse than knowing nothing has learnt nothing by heart, as with a learning rate far too high.
    falls = known < min(0.9 * float(learnt[best]), level)
    if since < SINCE or not falls or now < WORSE * held[best] or now - held[best] < AT_LEAST * level:
        return ""
    return (
        f"since epoch {best + 1} the validation loss rose from {held[best]:.3g} to {now:.3g}, "
        f"while the training loss fell to {learnt[-1]:.3g}"
    )


def _by_heart(evidence: Evidence) -> str:
    learnt, held, facts = evidence.series("accuracy"), evidence.series("val_accuracy"), evidence.facts
    if len(held) < SINCE + 2 or not np.isfinite(held[-3:]).all() or facts.validation < 1:
        return ""
    known, new = float(np.median(learnt[-3:])), float(np.median(held[-3:]))
    error = np.sqrt(max(new * (1 - new), 0.25 / facts.validation) / facts.validation)
    if known < 0.95 or known - new < max(GAP, 2 * error):
        return ""
    return f"{known:.0%} of the training samples are answered rightly, but only {new:.0%} of the validation samples"


def _regularised(evidence: Evidence) -> Remedy | None:
    facts = evidence.facts
    settings: dict[str, object] = {"training.early_stopping.enabled": True, "training.early_stopping.patience": 5}
    last = next((layer for layer in facts.layers if layer.answers), None)
    hidden = [layer for layer in facts.layers if layer.learns and not layer.answers]
    if any(layer.kind == "Dropout" for layer in facts.layers) or last is None or not hidden:
        return remedy("End five epochs after the best", settings)
    drop = {"action": "insert_before", "node": last.id, "args": {"layer": "Dropout", "params": {"rate": 0.5}}}
    return remedy("Add dropout, and end five epochs after the best", settings, [drop])


def _levelled(evidence: Evidence, least: int = 8) -> int:
    """Over how many of the last epochs nothing was gained; 0 where something was."""
    losses = evidence.series("loss")
    last = max(5, len(losses) // 4)
    if len(losses) < least or evidence.steps < 60 or not np.isfinite(losses).all():
        return 0
    before, recent = losses[:-last], losses[-last:]
    return last if recent.min() > (1 - LEVEL) * before.min() else 0


def underfitting(evidence: Evidence) -> list[Found]:
    """The loss has levelled off high, and something in the network or the plan holds it there."""
    facts, level = evidence.facts, evidence.level
    ended = evidence.over and len(evidence.epochs) >= 5 and evidence.steps >= 60 and _slow(evidence)
    if level is None or not (_levelled(evidence) or ended) or evidence.broken is not None:
        return []
    last = float(evidence.series("loss")[-1])
    cause = _held_back(evidence, last / level, last / (facts.prior or level))
    if cause is None:
        return []
    words, help_, remedied, layer = cause
    return [
        Found(
            rule="underfitting",
            severity="warning",
            message=f"The network learns too little: the training loss stays at {last:.3g}, of {level:.3g} for knowing "
            f"nothing, and {words}.",
            hint=help_,
            source=GOODFELLOW,
            layer=layer,
            evidence=evidence.curves("loss", "val_loss"),
            remedy=remedied,
        )
    ]


def _slow(evidence: Evidence) -> bool:
    """Whether the last third of the run gained less than a twentieth."""
    losses = evidence.series("loss")
    return bool(losses[-1] > 0.95 * losses[-max(2, len(losses) // 3)])


def _held_back(evidence: Evidence, of_level: float, of_prior: float) -> tuple[str, str, Remedy | None, str] | None:
    facts = evidence.facts
    if of_level > LITTLE:
        for layer in facts.layers:
            if layer.kind.endswith("Dropout") and float(layer.params.get("rate") or 0) >= HEAVY_DROPOUT:
                return (
                    f"'{layer.name}' drops {float(layer.params['rate']):.0%} of what reaches it",
                    "So much dropout leaves too little to learn from.",
                    remedy("Drop 20% instead", {f"model.{layer.name}.rate": 0.2}),
                    layer.name,
                )
        if (facts.weight_decay or 0) >= HEAVY_DECAY:
            return (
                f"a weight decay of {facts.weight_decay:g} shrinks the weights at each step",
                "The weights shrink as fast as they learn.",
                remedy("Set the weight decay to 0.0001", {"training.weight_decay": 0.0001}),
                "",
            )
        for layer in facts.layers:
            if penalty(layer) >= HEAVY_PENALTY:
                return (
                    f"'{layer.name}' is punished for the size of its weights ({penalty(layer):g})",
                    "The penalty outweighs what could be learnt.",
                    remedy("Remove the penalty", {f"model.{layer.name}.kernel_regularizer": None}),
                    layer.name,
                )
    return _narrow(evidence, of_level, of_prior)


def _narrow(evidence: Evidence, of_level: float, of_prior: float) -> tuple[str, str, Remedy | None, str] | None:
    facts = evidence.facts
    hidden = [layer for layer in facts.layers if layer.learns and not layer.answers and layer.units]
    tight = [layer for layer in hidden if layer.units <= max(2, len(facts.classes) // 4)]
    if tight and of_level > LITTLE:
        layer = tight[0]
        wider = {key: 32 for key in ("units", "filters") if key in layer.params}
        return (
            f"everything goes through the {layer.units} unit{'s' if layer.units > 1 else ''} of '{layer.name}'",
            "So narrow a layer lets too little through. Make it wider.",
            remedy("Give it 32 units", {f"model.{layer.name}.{key}": value for key, value in wider.items()}),
            layer.name,
        )
    last = next((layer for layer in facts.layers if layer.answers), None)
    if not hidden and last is not None and of_prior > NOTHING:
        wide = {"layer": "Dense", "params": {"units": 32, "activation": "relu"}}
        return (
            "there is no hidden layer",
            "A single layer can only part the samples by straight lines. A hidden layer can bend them.",
            remedy("Add a hidden layer", {}, [{"action": "insert_before", "node": last.id, "args": wide}]),
            "",
        )
    return None


def _alike(evidence: Evidence) -> str:
    """A layer whose weights are all equal, by name; empty where there is none."""
    layers = evidence.looks[-1].layers if evidence.looks else ()
    names = (one.name for one in layers if one.weights is not None and one.weights[1] == 0)
    return next((name for name in names if evidence.facts.named[name].units > 1), "")


def plateau(evidence: Evidence) -> list[Found]:
    """The loss no longer moves, though much of it is left."""
    epochs, level = _levelled(evidence), evidence.level
    prior = evidence.facts.prior or level
    if not epochs or level is None or prior is None or evidence.broken is not None:
        return []
    last = float(evidence.series("loss")[-1])
    held = evidence.series("val_loss")
    gains = np.isfinite(held).all() and held[-epochs:].min() < (1 - LEVEL) * held[:-epochs].min()
    if last < 0.3 * level or gains:
        return []
    faded = evidence.faded
    nothing = last > NOTHING * prior
    left = evidence.facts.epochs - len(evidence.epochs)
    what: Remedy | None = None
    if faded:
        help_, what = (
            f"The learning rate has sunk to {evidence.epochs[-1].learning_rate:.1e}, too little to move on.",
            remedy("Keep the learning rate constant", {"training.schedule": {"name": "constant"}}),
        )
    elif alike := _alike(evidence):
        help_ = f"All weights of '{alike}' are equal, so no unit can become different from another: have them drawn."
        what = drawn(evidence.facts)
    elif nothing:
        help_, what = (
            "It never left the level of knowing nothing: look at the learning rate, the first weights and the data.",
            None,
        )
    else:
        help_, what = (
            "A smaller learning rate often gets past such a level; where it does not, more epochs will not either.",
            remedy("Lower the rate when nothing is gained", {"training.reduce_on_plateau.enabled": True}),
        )
    return [
        Found(
            rule="plateau",
            severity="warning" if nothing or faded else "info",
            message=f"For {epochs} epochs the loss has stayed at {last:.3g}"
            + (f", with {left} still to come." if left > 0 else "."),
            hint=help_,
            source=KERAS_PLATEAU,
            evidence=evidence.curves("loss", "val_loss"),
            remedy=what,
        )
    ]
