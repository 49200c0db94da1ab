"""Which state a run goes on from: its own, or that of the run it was branched from."""

from __future__ import annotations

from pathlib import Path

from workbench.core.errors import TrainingError
from workbench.data.dataset import Dataset
from workbench.engine.checkpoint.keeper import data_hash, plan_hash
from workbench.engine.course import Past
from workbench.project.model import TrainPlan
from workbench.runs import checkpoints, store


def require_same(state: checkpoints.State, plan: TrainPlan, dataset: Dataset) -> None:
    """Refuse to go on with another plan or other data than the state is of.

    Raises:
        TrainingError: One of them changed.
    """
    if state.facts["plan"] != plan_hash(plan):
        raise TrainingError(
            "A run goes on with the plan that it began with.", f"the plan of {plan.run} was changed", "Train anew."
        )
    if state.facts["data"] != data_hash(dataset):
        raise TrainingError(
            "A run goes on with the data that it began with.",
            f"other samples than {plan.run} learnt from",
            "Bring the data back as they were, or train anew.",
        )


def branched(folder: Path, plan: TrainPlan) -> Past:
    """The state that a branched run begins from.

    All of it counts where the plan is the same but for its epochs, else the network and, where it fits, the optimizer.

    Raises:
        TrainingError: The state is gone.
    """
    origin = plan.origin
    if origin is None:
        return Past()
    state = checkpoints.after_epoch(folder, origin.run, origin.epoch)
    if state is None:
        there = ", ".join(map(str, checkpoints.epochs(folder, origin.run))) or "none"
        raise TrainingError(
            "A branch begins from a state that is kept.",
            f"epoch {origin.epoch} of {origin.run}; kept: {there}",
            "Choose one of these epochs; 'checkpoints.every' in the training's settings keeps more of them.",
        )
    return Past(state, whole=_alike(plan, store.load_plan(folder, origin.run)))


def _alike(one: TrainPlan, other: TrainPlan) -> bool:
    first, second = (
        plan.project.model_copy(update={"training": plan.project.training.model_copy(update={"epochs": 1})})
        for plan in (one, other)
    )
    return first == second
