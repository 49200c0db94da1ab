"""Rules about what is learnt from: inputs that are not scaled, labels that cannot be right, answers that leak."""

from __future__ import annotations

from workbench.diagnosis.evidence import DataFacts, Evidence, Facts, InputFacts
from workbench.diagnosis.found import Found, remedy

LECUN = "LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 4.3"
KAUFMAN = "Kaufman, Rosset and Perlich, Leakage in Data Mining (KDD 2011)"
NORTHCUTT = "Northcutt, Athalye and Mueller, Pervasive Label Errors in Test Sets (2021), arXiv:2103.14749"

LARGE = 8.0
"""Standardised inputs have a root mean square of 1, pictures from 0 to 1 one of about 0.5; of 8 or more, none."""
FAINT = 0.02
"""Inputs that spread less than this part of a standard deviation hardly differ to a fresh network."""
SHARED = 0.05
"""Rows of few columns are alike by chance; from one in twenty on, copies are the likelier cause."""
USUAL = 0.034
"""The share of wrong labels in much used test sets (Northcutt)."""
NOISY = 0.1
"""Curated data have a few percent of wrong labels (Northcutt: 3.4% on average); the estimate itself is off by some."""
CONFLICTS = 0.02
"""The same sample with two answers, in so large a part of the data, is no accident."""


def unscaled_inputs(evidence: Evidence) -> list[Found]:
    """The numbers that reach the first layer with weights are far from a spread of 1."""
    inputs = evidence.inputs
    if inputs is None:
        return []
    words = _unscaled(inputs)
    if not words:
        return []
    normal = {"action": "insert_before", "node": inputs.node, "args": {"layer": "Normalization"}}
    return [
        Found(
            rule="unscaled_inputs",
            severity="warning",
            message=f"The inputs are not scaled: {words}.",
            hint="First weights and learning rates are made for inputs around 0 with a spread of about 1. A "
            "Normalization layer brings them there by the training part's statistics.",
            source=LECUN,
            evidence={
                "labels": ["smallest", "mean", "largest"],
                "input": [inputs.low, inputs.mean, inputs.high],
            },
            remedy=remedy("Insert a Normalization layer", {}, [normal]),
        )
    ]


def _unscaled(inputs: InputFacts) -> str:
    if inputs.rms > LARGE:
        return f"they go from {inputs.low:,.4g} to {inputs.high:,.4g}, {inputs.rms:,.3g} on average"
    if 0 < inputs.std < FAINT:
        return f"they spread by only {inputs.std:.2g} around {inputs.mean:.3g}"
    return ""


def labels(evidence: Evidence) -> list[Found]:
    """Answers that cannot be right: far outside the rest, contradicting each other or all around them."""
    data, facts = evidence.data, evidence.facts
    if data is None:
        return []
    return [*_out_of_range(data, facts), *_noise(data, facts)]


def _out_of_range(data: DataFacts, facts: Facts) -> list[Found]:
    rule = "labels_out_of_range"
    if data.far is not None:
        low, high = data.typical
        far = f"value of {data.far:,.6g} stands" if data.far_count == 1 else f"values of {data.far:,.6g} stand"
        words = f"{data.far_count} target {far} far outside the rest, which go from {low:,.4g} to {high:,.4g}."
        hint = (
            "Such values often stand for 'missing'. They rule a squared error: leave those rows out, or use a loss "
            "that outliers matter less to."
        )
        values = {"labels": ["least of the rest", "most of the rest", "far value"], "target": [low, high, data.far]}
        huber = remedy("Use the Huber loss", {"training.loss": "huber"})
        return [Found(rule, "warning", words, hint, NORTHCUTT, evidence=values, remedy=huber)]
    if data.alike:
        one, other = data.alike[0]
        words = f"Two classes differ only in how they are written: {one!r} and {other!r}."
        hint = "They are likely one class. Write them alike in the data."
        counts = dict(zip(facts.classes, map(float, facts.counts), strict=False))
        values = {"labels": [one, other], "samples": [counts.get(one, 0.0), counts.get(other, 0.0)]}
        return [Found(rule, "warning", words, hint, NORTHCUTT, evidence=values)]
    return []


def _noise(data: DataFacts, facts: Facts) -> list[Found]:
    rule = "label_noise"
    if data.conflicts >= max(3, CONFLICTS * facts.train):
        words = f"{data.conflicts:,} training samples have a twin with another answer."
        hint = "No network can learn both. Look at those samples, and mend their labels."
        values = {"labels": ["all", "with another answer"], "samples": [float(facts.train), float(data.conflicts)]}
        return [Found(rule, "warning", words, hint, NORTHCUTT, evidence=values)]
    if data.noise is None or data.noise <= NOISY:
        return []
    words = f"About {data.noise:.0%} of the labels look wrong: the samples around them are of one other class."
    hint = (
        "A network first learns the rule, then the wrong labels by heart. Mend the labels; until then, keep the "
        "network small and end early."
    )
    early = {"training.early_stopping.enabled": True, "training.early_stopping.patience": 3}
    values = {"labels": ["look right", "look wrong", "usual"], "share of labels": [1 - data.noise, data.noise, USUAL]}
    soon = remedy("End three epochs after the best", early)
    return [Found(rule, "warning", words, hint, NORTHCUTT, evidence=values, remedy=soon)]


def leakage(evidence: Evidence) -> list[Found]:
    """Samples that are in two parts, or a column that is the answer in other words."""
    data, facts = evidence.data, evidence.facts
    if data is None:
        return []
    found = []
    sizes = {"validation": facts.validation, "test": facts.test}
    for part, count in data.shared.items():
        share = count / max(1, sizes.get(part, 0))
        if share > SHARED and count > 2:
            found.append(
                Found(
                    rule="leakage",
                    severity="warning",
                    message=f"{count:,} of {sizes[part]:,} {part} samples ({share:.0%}) also are in the training part.",
                    hint="The network has seen them, so the figures flatter it. Remove the copies from the data.",
                    source=KAUFMAN,
                    evidence={"labels": list(data.shared), "samples": [float(n) for n in data.shared.values()]},
                )
            )
    if data.telling:
        found.append(
            Found(
                rule="leakage",
                severity="warning",
                message=f"'{data.telling}' alone tells the answer of every sample.",
                hint="Such a column is often the answer in other words, or only known afterwards; with new samples it "
                "would be missing. Leave it out, unless it truly is known beforehand.",
                source=KAUFMAN,
                evidence={
                    "labels": [f"by '{data.telling}'", "by guessing"],
                    "answers told": [1.0, facts.majority],
                },
                remedy=remedy(f"Leave out '{data.telling}'", {"dataset.ignored": [*facts.ignored, data.telling]}),
            )
        )
    return found
