"""Rules about classes and about how much can be told: one class for all, rare classes, a small validation part."""

from __future__ import annotations

import math

import numpy as np

from workbench.diagnosis.evidence import Evidence
from workbench.diagnosis.found import Found, Remedy, remedy
from workbench.diagnosis.rules.steps import lower_rate

HE_GARCIA = "He and Garcia, Learning from Imbalanced Data (IEEE TKDE 21, 2009)"
BUDA = "Buda, Maki and Mazurowski, A systematic study of the class imbalance problem (2018), arXiv:1710.05381"
WILSON = "Wilson, Probable inference (JASA 22, 1927): the score interval of a share"

ONE_CLASS = 0.98
"""A probe of 128 samples answered with one class but for two or three is a collapse."""
EVEN = 0.8
"""Where one class has more than this part of the samples, answering with it is no wonder: imbalance tells of that."""
UNEVEN = 8.0
"""Ratios up to some 5 : 1 do little harm (Buda, figure 2); from about 10 : 1 on, rare classes are given up."""
EXPECTED = 0.9
"""The share of right answers that is reckoned with until a run has ended."""
SMALL = 0.18
"""Half the width of an interval beyond which better and worse epochs can hardly be told apart."""
FEWEST = 15
"""With fewer samples than this, one of them moves a share by more than 0.07."""


def collapse(evidence: Evidence) -> list[Found]:
    """The network answers with one class, whatever it is shown."""
    looks, facts = evidence.looks[-2:], evidence.facts
    enough = len(looks) == 2 or (evidence.over and looks)
    if not enough or evidence.steps < 60 or len(evidence.epochs) < 3 or evidence.broken is not None:
        return []
    for look in looks:
        total = sum(look.predicted)
        if total < 16 or max(look.predicted) < ONE_CLASS * total or max(look.true) > EVEN * total:
            return []
    counts = looks[-1].predicted
    name = facts.classes[int(np.argmax(counts))]
    unequal = facts.class_weights == "equal" and facts.majority > 1.5 / len(facts.classes)
    return [
        Found(
            rule="class_collapse",
            severity="warning",
            message=f"The network answers '{name}' to {max(counts)} of {sum(counts)} samples of {len(facts.classes)} "
            "classes.",
            hint="It has found that one answer is the safest, and tells nothing apart. Rare classes that count more, "
            "a smaller learning rate, or a fresh start with scaled inputs get it out.",
            source=BUDA,
            evidence={
                "labels": list(facts.classes),
                "answered": [float(count) for count in counts],
                "true": [float(count) for count in looks[-1].true],
            },
            remedy=remedy("Let rare classes count more", {"training.class_weights": "balanced"})
            if unequal
            else lower_rate(facts, facts.learning_rate),
        )
    ]


def imbalance(evidence: Evidence) -> list[Found]:
    """Some classes have far fewer samples than others, and count as little."""
    facts = evidence.facts
    if len(facts.counts) < 2 or facts.class_weights != "equal" or not min(facts.counts):
        return []
    most, fewest = int(np.argmax(facts.counts)), int(np.argmin(facts.counts))
    ratio = facts.counts[most] / facts.counts[fewest]
    if ratio < UNEVEN:
        return []
    return [
        Found(
            rule="imbalance",
            severity="warning",
            message=f"The classes are uneven: {facts.counts[most]:,} training samples of '{facts.classes[most]}', "
            f"{facts.counts[fewest]:,} of '{facts.classes[fewest]}', {ratio:.0f} times fewer.",
            hint="A network that never answers with the rare class looks good by its accuracy. Let each class count "
            "by its rarity, and judge by the confusion matrix.",
            source=f"{HE_GARCIA}; {BUDA}",
            evidence={"labels": list(facts.classes), "samples": [float(count) for count in facts.counts]},
            remedy=remedy("Let rare classes count more", {"training.class_weights": "balanced"}),
        )
    ]


def half_width(share: float, samples: int) -> float:
    """Half the width of Wilson's 95% interval of a share that was counted among so many samples."""
    z = 1.96
    return z / (1 + z * z / samples) * math.sqrt(share * (1 - share) / samples + z * z / (4 * samples * samples))


def small_validation(evidence: Evidence) -> list[Found]:
    """So few validation samples that the figures of epochs and runs cannot be told apart."""
    facts, held = evidence.facts, evidence.series("val_accuracy")
    samples = facts.validation
    if samples < 1 or facts.train < 30:
        return []
    # In its first epochs a network is right by half, which is the widest interval there is.
    share = float(held[-1]) if evidence.over and len(held) and np.isfinite(held[-1]) else EXPECTED
    wide = half_width(share, samples)
    few = samples < FEWEST
    if not few and (facts.task == "regression" or wide < SMALL):
        return []
    words = f"{samples} validation samples" if samples > 1 else "a single validation sample"
    by = f": a share of {share:.0%} may as well be {max(share - wide, 0):.0%} or {min(share + wide, 1):.0%}"
    return [
        Found(
            rule="validation_small",
            severity="warning",
            message=f"There are only {words}" + (by if facts.task == "classification" else "") + ".",
            hint="What looks like a better epoch, or a better run, may be chance. Give the validation part a larger "
            "share, or compare by cross-validation.",
            source=WILSON,
            evidence=evidence.curves("val_loss", "val_accuracy"),
            remedy=_larger(evidence),
        )
    ]


def _larger(evidence: Evidence) -> Remedy | None:
    facts = evidence.facts
    _, validation, test = facts.split
    share = 0.2 if validation < 0.2 else 0.3
    test = min(test, 0.2)
    parts = {"train": round(1 - share - test, 4), "validation": share, "test": round(test, 4)}
    return remedy(f"Give the validation part {share:.0%} of the samples", {"dataset.split": parts})
