from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from workbench.diagnosis.doctor import Doctor, examine
from workbench.diagnosis.evidence import (
    Broken,
    DataFacts,
    Epoch,
    Evidence,
    Facts,
    InputFacts,
    LayerFacts,
    LayerLook,
    Look,
    Stretch,
)
from workbench.diagnosis.rules.classes import half_width
from workbench.graph import edits
from workbench.project.model import Project
from workbench.project.remedy import healed

FACTS = Facts(
    task="classification",
    train=1000,
    validation=200,
    loss="sparse_categorical_crossentropy",
    wanted="softmax",
    activation="softmax",
    optimizer="adam",
    learning_rate=0.001,
    batch_size=32,
    epochs=20,
    classes=("a", "b", "c"),
    counts=(330, 330, 340),
    layers=(
        LayerFacts("n3", "dense", "Dense", "relu", {"units": 16, "activation": "relu"}, 16, learns=True),
        LayerFacts("n4", "dense_1", "Dense", "softmax", {"units": 3}, 3, learns=True, answers=True),
    ),
)
HEALTHY = (0.9, 0.7, 0.5, 0.4, 0.33, 0.28, 0.25, 0.22, 0.2, 0.19)


def _evidence(losses: Any = HEALTHY, held: Any = None, **facts: Any) -> Evidence:
    evidence = Evidence(dataclasses.replace(FACTS, **facts), start=1.12)
    for number, loss in enumerate(losses):
        metrics = {"loss": float(loss)}
        if held is not None:
            metrics["val_loss"] = float(held[number])
        evidence.epochs.append(Epoch(number + 1, metrics, 0.001))
    return evidence


def _rules(evidence: Evidence, least: str = "warning") -> set[str]:
    ranks = ("info", "warning", "error")
    return {found.rule for found in examine(evidence) if ranks.index(found.severity) >= ranks.index(least)}


def test_that_a_loss_that_falls_accuses_nobody() -> None:
    assert examine(_evidence(held=[loss + 0.05 for loss in HEALTHY])) == []


@pytest.mark.parametrize(
    "losses",
    [[3.0, 4.0, 5.0], [2.6, 1.11, 1.1, 1.1, 1.1], [0.9, 0.4, 0.9, 0.4, 0.9, 0.4, 0.9, 0.4]],
    ids=["above the start", "jumped and stuck", "swings"],
)
def test_that_a_learning_rate_is_called_too_high(losses: list[float]) -> None:
    found = next(one for one in examine(_evidence(losses)) if one.rule == "learning_rate_high")
    assert found.remedy is not None
    assert found.remedy["set"] == {"training.learning_rate": 0.0001}
    assert found.evidence["loss"] == losses


def test_that_a_single_odd_batch_is_no_learning_rate_too_high() -> None:
    evidence = _evidence([1.05, 1.0, 0.99])
    evidence.stretches.append(Stretch(3, 32, 2.0))
    assert "learning_rate_high" not in _rules(evidence)


def test_that_a_loss_that_crawls_means_a_learning_rate_too_low() -> None:
    assert _rules(_evidence(np.linspace(1.12, 1.1, 8))) == {"learning_rate_low"}


def test_that_a_slow_start_of_a_long_run_is_let_pass() -> None:
    assert "learning_rate_low" not in _rules(_evidence(np.linspace(1.12, 1.06, 8), epochs=500))


def test_that_the_layer_where_nan_began_is_named() -> None:
    evidence = _evidence([2.0])
    evidence.broken = Broken(2, 17, "dense_1", "gradients")
    found = next(one for one in examine(evidence) if one.rule == "divergence")
    assert found.severity == "error"
    assert found.layer == "dense_1"
    assert "epoch 2, batch 17" in found.message


def test_that_overfitting_is_told_once_the_validation_loss_rises_for_good() -> None:
    falling = np.linspace(1.0, 0.1, 12)
    risen = [1.0, 0.8, 0.7, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 1.0, 1.1, 1.2]
    assert "overfitting" in _rules(_evidence(falling, risen))
    wandering = [1.0, 0.8, 0.7, 0.65, 0.64, 0.66, 0.63, 0.67, 0.66, 0.65, 0.68, 0.66]
    assert "overfitting" not in _rules(_evidence(falling, wandering))
    wild = [1000 * loss for loss in falling], [1000 * loss for loss in risen]
    assert "overfitting" not in _rules(_evidence(*wild)), "far worse than knowing nothing is nothing learnt by heart"


def test_that_what_holds_a_network_back_is_named() -> None:
    stuck = [1.05, *([1.0] * 11)]
    layers = (LayerFacts("n9", "dropout", "Dropout", params={"rate": 0.9}), *FACTS.layers)
    found = [one for one in examine(_evidence(stuck, layers=layers)) if one.rule == "underfitting"]
    assert found[0].layer == "dropout"
    assert found[0].remedy is not None
    assert found[0].remedy["set"] == {"model.dropout.rate": 0.2}


def test_that_a_plateau_far_below_the_start_only_informs() -> None:
    level = [0.9, 0.6, 0.5, *([0.45] * 10)]
    assert "plateau" not in _rules(_evidence(level))
    assert "plateau" in _rules(_evidence(level), "info")
    assert "plateau" in _rules(_evidence([1.098] * 12))


def _look(predicted: tuple[int, ...] = (40, 40, 48), true: tuple[int, ...] = (40, 44, 44), **layer: Any) -> Look:
    rows = (LayerLook("dense", gradient=0.01, **layer), LayerLook("dense_1", gradient=0.01))
    return Look(5, 150, 1.0, 0.5, rows, predicted, true)


def test_that_dead_units_are_an_illness_only_where_nothing_is_learnt() -> None:
    sick, well = _evidence([1.1, 1.09, 1.08]), _evidence()
    for evidence in (sick, well):
        evidence.looks.append(_look(dead=0.8))
    assert "dead_relus" in _rules(sick)
    assert "dead_relus" not in _rules(well)
    assert "dead_relus" in _rules(well, "info")


def test_that_gradients_that_vanish_are_told_with_their_layer() -> None:
    evidence = _evidence([1.1, 1.1, 1.1])
    evidence.looks.append(
        Look(3, 90, 1.1, 0.1, (LayerLook("dense", gradient=1e-9), LayerLook("dense_1", gradient=0.1)))
    )
    found = next(one for one in examine(evidence) if one.rule == "vanishing_gradients")
    assert found.layer == "dense"
    assert found.evidence == {"labels": ["dense", "dense_1"], "gradient": [1e-9, 0.1]}


def test_that_gradients_that_explode_are_told() -> None:
    evidence = _evidence([2.0, 2.0, 1.9])
    evidence.looks.append(dataclasses.replace(_look(), norm=5000.0))
    assert "exploding_gradients" in _rules(evidence)


def test_that_one_answer_for_all_is_a_collapse_unless_nearly_all_are_so() -> None:
    evidence = _evidence([1.1, 1.1, 1.1])
    evidence.looks += [_look(predicted=(0, 128, 0))] * 2
    assert "class_collapse" in _rules(evidence)
    rare = _evidence([1.1, 1.1, 1.1])
    rare.looks += [_look(predicted=(0, 128, 0), true=(4, 120, 4))] * 2
    assert "class_collapse" not in _rules(rare)


def test_that_uneven_classes_are_told_until_they_are_weighed() -> None:
    assert "imbalance" in _rules(_evidence(counts=(900, 90, 10)))
    assert "imbalance" not in _rules(_evidence(counts=(900, 90, 10), class_weights="balanced"))


def test_that_few_validation_samples_are_told_with_what_they_can_tell() -> None:
    assert half_width(0.9, 100) == pytest.approx(0.0602, abs=1e-3)  # Wilson's interval: 0.826 to 0.945
    assert "validation_small" in _rules(_evidence(validation=8))
    assert "validation_small" not in _rules(_evidence(validation=60))


@pytest.mark.parametrize(
    ("rms", "std", "ill"), [(1.0, 1.0, False), (0.5, 0.3, False), (120.0, 70.0, True), (0.004, 0.002, True)]
)
def test_that_inputs_far_from_a_spread_of_one_are_told(rms: float, std: float, ill: bool) -> None:
    evidence = _evidence()
    evidence.inputs = InputFacts("n3", rms, std, 0.0, -1.0, 1.0)
    assert ("unscaled_inputs" in _rules(evidence)) is ill


def test_that_a_loss_starts_near_the_logarithm_of_the_number_of_classes() -> None:
    assert FACTS.chance == pytest.approx(math.log(3))
    evidence = _evidence()
    evidence.start = 9.0
    assert "start_loss" in _rules(evidence)
    evidence.start = 1.6
    assert "start_loss" not in _rules(evidence)


def test_that_an_end_that_does_not_fit_the_loss_is_told() -> None:
    assert "output_mismatch" in _rules(_evidence(activation="sigmoid"))
    assert "output_mismatch" in _rules(_evidence(loss_params={"from_logits": True}))
    assert "output_mismatch" not in _rules(_evidence(activation="linear", loss_params={"from_logits": True}))


def test_that_doubtful_labels_and_leaks_are_told() -> None:
    evidence = _evidence()
    evidence.data = DataFacts(shared={"validation": 60}, telling="id", conflicts=90, far=999.0, far_count=4)
    assert _rules(evidence) == {"leakage", "label_noise", "labels_out_of_range"}


def test_that_what_the_data_tell_is_drawn_and_has_its_source() -> None:
    told = (
        DataFacts(shared={"validation": 60}),
        DataFacts(telling="id"),
        DataFacts(conflicts=90),
        DataFacts(noise=0.3),
        DataFacts(far=999.0, far_count=4, typical=(1.0, 9.0)),
        DataFacts(alike=(("a", "b"),)),
    )
    for data in told:
        evidence = _evidence()
        evidence.data = data
        (found,) = (one for one in examine(evidence) if one.severity != "info")
        assert found.source, found
        labels, *series = found.evidence.values()
        assert [len(values) for values in series] == [len(labels)], found
        assert all(np.isfinite(values).all() and np.any(values) for values in series), found


def test_that_a_telling_column_is_left_out_beside_those_that_are_already() -> None:
    evidence = _evidence(ignored=("name", "date"))
    evidence.data = DataFacts(telling="id")
    (found,) = (one for one in examine(evidence) if one.rule == "leakage")
    assert found.remedy is not None
    assert found.remedy["set"] == {"dataset.ignored": ["name", "date", "id"]}


def test_that_batches_too_large_and_too_small_are_told() -> None:
    slow = [1.1, 1.0, 0.95, 0.9]
    assert "batch_large" in _rules(_evidence(slow, batch_size=1000, epochs=8))
    assert "batch_large" not in _rules(_evidence(slow, batch_size=1000, epochs=30)), "it may still get there"
    assert "batch_small" in _rules(_evidence(batch_size=1))
    normed = (LayerFacts("n8", "norm", "BatchNormalization"), *FACTS.layers)
    assert "batch_small" in _rules(_evidence(batch_size=4, layers=normed))
    assert "batch_small" not in _rules(_evidence(batch_size=4))


def test_that_a_finding_is_told_once_and_again_only_when_it_grew_worse() -> None:
    doctor, evidence = Doctor("r1"), _evidence([1.1, 1.09, 1.08])
    evidence.looks.append(_look(dead=0.6))
    assert [found.rule for found in doctor.findings(evidence)] == ["dead_relus"]
    assert doctor.findings(evidence) == []
    evidence.looks.append(_look(dead=1.0))
    assert [found.severity for found in doctor.findings(evidence)] == ["error"]


def test_that_a_remedy_can_set_settings_and_mend_the_drawing() -> None:
    graph, dense = edits.append(edits.blank(), "Dense", {"units": 4})
    remedy = {
        "label": "Heal",
        "set": {"training.learning_rate": 0.0003, "model.dense.activation": "leaky_relu"},
        "repairs": [{"action": "insert_before", "node": dense, "args": {"layer": "Normalization"}}],
    }
    project = healed(Project(graph=graph), remedy)
    assert project.training.learning_rate == 0.0003
    assert [project.graph.by_id[node].layer for node in project.graph.order][1:3] == ["Normalization", "Dense"]
    assert project.graph.by_id[dense].params["activation"] == "leaky_relu"
