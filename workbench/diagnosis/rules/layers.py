"""Rules about the inside of the network: gradients that vanish or explode, units that are dead or saturated."""

from __future__ import annotations

from workbench.diagnosis.evidence import RECTIFIERS, SQUASHERS, Evidence, LayerLook, Look
from workbench.diagnosis.found import Found, Remedy, remedy, rounded
from workbench.diagnosis.rules.start import drawn
from workbench.diagnosis.rules.steps import usual_rate

GLOROT = "Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (AISTATS 2010)"
PASCANU = "Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks (2013), arXiv:1211.5063"
LU = "Lu, Shin, Su and Karniadakis, Dying ReLU and Initialization (2019), arXiv:1903.06733"

VANISHED = 1e-3
"""Healthy nets have gradients of one size at all depths, within a factor of some tens (Glorot and Bengio, figure 7)."""
EXPLODED = 100.0
"""The norm of all gradients, when losses are of size 1, is 0.1 to 10 in healthy runs."""
DEAD = 0.5
"""Trained ReLU layers may have a third of units that answer to nothing among 128 samples; half is no specialising."""
ALL_DEAD = 0.95
"""Through a layer of which so much is dead, next to nothing can be learnt."""
SATURATED = 0.5
"""Of what healthy squashing layers put out, a small part is at the ends (Glorot and Bengio, figure 4)."""
FEW_UNITS = 4
"""In layers of fewer units a dead one is an accident."""
WELL = 0.5
"""A run that is rid of this part of its loss learns, whatever its layers look like."""


def _last(evidence: Evidence) -> Look | None:
    return evidence.looks[-1] if evidence.looks else None


def _goes_well(evidence: Evidence) -> bool:
    learnt = evidence.learnt
    return learnt is not None and learnt > WELL


def vanishing(evidence: Evidence) -> list[Found]:
    """The first layers get gradients thousands of times smaller than the last, and the loss does not fall."""
    look, learnt = _last(evidence), evidence.learnt
    if look is None or learnt is None or learnt > 0.3 or evidence.steps < 30:
        return []
    rows = [layer for layer in look.layers if layer.gradient is not None]
    if len(rows) < 2 or any((layer.dead or 0) > ALL_DEAD for layer in look.layers):
        return []
    sizes = [float(layer.gradient or 0.0) for layer in rows]
    least = min(range(len(rows) - 1), key=lambda place: sizes[place])
    later = max(sizes[least + 1 :])
    if not later > 1e-9 or sizes[least] > VANISHED * later:
        return []
    name = rows[least].name
    same = all(layer.weights is not None and layer.weights[1] == 0 for layer in rows[:-1])
    squashed = [layer for layer in evidence.facts.layers if layer.activation in SQUASHERS and not layer.answers]
    return [
        Found(
            rule="vanishing_gradients",
            severity="warning",
            message=f"The gradients vanish on their way back: in '{name}' they are {sizes[least]:.1e}, "
            f"in later layers up to {later:.1e}.",
            hint="All weights of a layer began alike, so that no unit can become different from another: let an "
            "initializer draw them."
            if same
            else "Each layer passes on only a part of the gradient, so the first ones learn next to nothing. "
            "ReLU or GELU, batch normalization and links past layers keep it alive.",
            source=GLOROT,
            layer=name,
            evidence=_bars(rows, sizes, "gradient"),
            remedy=drawn(evidence.facts)
            if same
            else remedy(
                "Use ReLU in the hidden layers", {f"model.{layer.name}.activation": "relu" for layer in squashed}
            )
            if squashed
            else None,
        )
    ]


def exploding(evidence: Evidence) -> list[Found]:
    """The gradients are hundreds of times larger than those of healthy nets."""
    look, level = _last(evidence), evidence.level
    if look is None or level is None or _goes_well(evidence) or look.norm < EXPLODED * max(level, 1.0):
        return []
    rows = [layer for layer in look.layers if layer.gradient is not None]
    if not rows:
        return []
    sizes = [float(layer.gradient or 0.0) for layer in rows]
    worst = rows[sizes.index(max(sizes))].name
    return [
        Found(
            rule="exploding_gradients",
            severity="warning",
            message=f"The gradients explode: their norm is {look.norm:,.3g}, the largest in '{worst}'.",
            hint="One step then throws the weights far away. Clipping the gradients to a norm of 1 keeps every step "
            "in bounds; scaled inputs and initializers made for the activation keep them small from the start.",
            source=PASCANU,
            layer=worst,
            evidence=_bars(rows, sizes, "gradient"),
            remedy=remedy(
                "Clip the gradients to a norm of 1",
                {"training.gradients.clip": "global_norm", "training.gradients.clip_at": 1.0},
            ),
        )
    ]


def dead_relus(evidence: Evidence) -> list[Found]:
    """Layers in which most rectified units put out nothing for any sample."""
    look = _last(evidence)
    if look is None:
        return []
    found = []
    for layer in look.layers:
        facts = evidence.facts.named.get(layer.name)
        if facts is None or facts.answers or (layer.dead or 0) < DEAD or facts.units < FEW_UNITS:
            continue
        if facts.activation not in RECTIFIERS and facts.kind != "ReLU":
            continue
        if layer.weights is not None and layer.weights[1] == 0:
            continue  # never drawn: that is told as what it is
        well = _goes_well(evidence)
        share = float(layer.dead or 0)
        rate = evidence.facts.learning_rate
        found.append(
            Found(
                rule="dead_relus",
                severity="info" if well else "error" if share >= ALL_DEAD else "warning",
                message=f"{share:.0%} of the {facts.units} units of '{layer.name}' are dead: they put out 0 for every "
                "sample looked at.",
                hint="A rectified unit that never answers gets no gradient and cannot come back. Large steps or a bias "
                "far below 0 kill them; a smaller learning rate spares them, and a leaky ReLU lets them recover.",
                source=LU,
                layer=layer.name,
                evidence={
                    "x": [float(one.epoch) for one in evidence.looks],
                    "dead": [_dead(one, layer.name) for one in evidence.looks],
                },
                remedy=_revived(evidence, rate, facts.kind == "ReLU"),
            )
        )
    return found


def _revived(evidence: Evidence, rate: float, layer_of_its_own: bool) -> Remedy | None:
    lower = rounded(min(rate, usual_rate(evidence.facts.optimizer)))
    settings: dict[str, object] = {}
    for layer in evidence.facts.layers:
        if layer.activation in RECTIFIERS and not layer.answers and layer.kind != "ReLU":
            settings[f"model.{layer.name}.activation"] = "leaky_relu"
        if "bias_initializer" in layer.params:
            settings[f"model.{layer.name}.bias_initializer"] = "zeros"
    words = [] if layer_of_its_own else ["leaky ReLU"]
    if lower < rate:
        settings["training.learning_rate"] = lower
        words.append(f"a learning rate of {lower:g}")
    return remedy("Use " + " and ".join(words), settings) if words else None


def _dead(look: Look, name: str) -> float:
    return next((float(layer.dead or 0) for layer in look.layers if layer.name == name), 0.0)


def saturated(evidence: Evidence) -> list[Found]:
    """Layers whose sigmoid or tanh units mostly stand at the ends of their range."""
    look = _last(evidence)
    if look is None:
        return []
    found = []
    for layer in look.layers:
        facts = evidence.facts.named.get(layer.name)
        share = layer.saturated or 0
        if facts is None or facts.answers or share < SATURATED or facts.activation not in SQUASHERS:
            continue
        found.append(
            Found(
                rule="saturated_units",
                severity="info" if _goes_well(evidence) else "warning",
                message=f"{share:.0%} of what '{layer.name}' puts out is at the ends of {facts.activation}'s range.",
                hint="There the activation is flat and passes on hardly any gradient. Smaller first weights, scaled "
                "inputs, batch normalization before it, or ReLU keep units where they can learn.",
                source=GLOROT,
                layer=layer.name,
                evidence={
                    "x": [float(one.epoch) for one in evidence.looks],
                    "saturated": [
                        next((float(row.saturated or 0) for row in one.layers if row.name == layer.name), 0.0)
                        for one in evidence.looks
                    ],
                },
                remedy=_unsaturated(evidence),
            )
        )
    return found


def _unsaturated(evidence: Evidence) -> Remedy | None:
    settings: dict[str, object] = {}
    for layer in evidence.facts.layers:
        if layer.activation in SQUASHERS and not layer.answers:
            settings[f"model.{layer.name}.activation"] = "relu"
            if "kernel_initializer" in layer.params:
                settings[f"model.{layer.name}.kernel_initializer"] = "glorot_uniform"
    return remedy("Use ReLU in the hidden layers", settings)


def _bars(rows: list[LayerLook], sizes: list[float], name: str) -> dict[str, object]:
    return {"labels": [row.name for row in rows], name: sizes}
