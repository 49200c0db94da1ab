"""The main job in the terminal: digits, trained live, exported and proved."""

from __future__ import annotations

import itertools
from pathlib import Path

import platformdirs

from workbench.cli import output
from workbench.cli.commands.train import run_training
from workbench.core.errors import TrainingError
from workbench.data.dataset import open_dataset
from workbench.project import presets, store
from workbench.project.model import Project

PRESET = "digits-cnn"


def quickstart() -> int:
    """Build, train and export the digits classifier; returns the exit status."""
    folder = _free_folder()
    chosen = presets.preset(PRESET)
    spec = chosen.project.dataset
    assert spec is not None, "the quickstart's preset has a dataset"
    dataset = open_dataset(spec)
    project = presets.with_architecture(Project(name=folder.name, dataset=spec, info=dataset.info), chosen)
    store.create(project, folder)
    output.say(f"Project: {folder}")
    ended = run_training(folder, project, as_json=False, dataset=dataset)
    if ended.outcome == "failed":
        raise TrainingError(ended.message, "", ended.hint)

    from workbench.engine.evaluation import evaluate
    from workbench.engine.export import export_run

    result = evaluate(folder, ended.run, dataset=dataset)
    with output.working("Exporting", quiet=False) as progress:
        certificate = export_run(
            folder,
            format="saved_model",
            out=folder / "exports" / "saved_model",
            run=ended.run,
            dataset=dataset,
            progress=progress,
        )
    output.answer(f"SavedModel: {certificate.path}")
    output.answer(
        f"Verified: in a fresh process it gives the same {certificate.samples} answers "
        f"(largest difference {certificate.max_abs_diff:.2g})."
    )
    output.answer(f"Test accuracy: {result.metrics['accuracy']:.4f} on {result.samples} untouched samples.")
    output.answer(f"Use it: workbench predict {certificate.path} IMAGE.png")
    return 0 if certificate.verified else 1


def _free_folder() -> Path:
    root = Path(platformdirs.user_documents_dir()) / "Keras Workbench"
    names = itertools.chain(["digits"], (f"digits-{number}" for number in itertools.count(2)))
    return next(folder for name in names if not (folder := root / name).exists())
