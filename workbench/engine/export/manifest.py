"""The record beside an export: who made it of what, what is in it, and how it was proved."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import os
from pathlib import Path
from typing import Any

from workbench.catalog.formats import Format
from workbench.core.errors import ExportError, WorkbenchError
from workbench.core.files import read_json
from workbench.core.versions import versions
from workbench.data.spec import ClassTarget, Preparation, TablePreparation
from workbench.engine.export.columns import further_names, input_names
from workbench.project.model import RunRecord, TrainPlan

MAKER = "Keras Workbench"
VERSION = 1
FILE = "manifest.json"
GOLDEN_FILE = "golden.npz"
CHECK_FILE = "verify.py"
PROOF_FILES = frozenset({GOLDEN_FILE, CHECK_FILE})
"""May be deleted without harm to the model."""


def path_for(export: Path) -> Path:
    """Where an export's manifest lies: inside a folder, beside a file."""
    return export / FILE if export.is_dir() else export.with_name(f"{export.stem}.{FILE}")


def hashed(root: Path, name: str | None = None) -> dict[str, dict[str, Any]]:
    """Every file of an export by its name inside it, with size and SHA-256; each is flushed to disk on the way.

    Args:
        root: A folder, or one file.
        name: What the one file will be called.
    """
    if root.is_file():
        return {name or root.name: _fingerprint(root)}
    return {_name(root, path): _fingerprint(path) for path in sorted(root.rglob("*")) if path.is_file()}


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"size": path.stat().st_size, "sha256": digest}


@dataclasses.dataclass(frozen=True)
class Facts:
    """What is known of an export once it is made and proved."""

    format: Format
    plan: TrainPlan
    record: RunRecord
    preparation: Preparation
    proof: dict[str, Any]
    test_metrics: dict[str, Any] | None
    golden: int
    files: dict[str, dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """The manifest."""
        prep, project = self.preparation, self.plan.project
        info = project.info
        body: dict[str, Any] = {
            "made_by": MAKER,
            "manifest_version": VERSION,
            "format": self.format,
            "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "project": project.name,
            "run": self.record.run,
            "versions": versions(),
            "data": None
            if info is None
            else {
                "title": info.title,
                "kind": info.kind,
                "task": info.task,
                "samples": info.samples,
                "train_samples": info.train_samples,
                "validation_samples": info.validation_samples,
                "test_samples": info.test_samples,
            },
            "signatures": self.proof["signatures"],
            "classes": list(prep.target.classes) if isinstance(prep.target, ClassTarget) else [],
            "target": info.target if info else "",
            "further": [
                {
                    "target": target.name,
                    "answers_begin_with": f"{further_names(prep)[target.name]}_",
                    "classes": list(target.classes) if isinstance(target, ClassTarget) else [],
                }
                for target in prep.further
            ],
            "preparation": prep,
            "metrics": {"test": self.test_metrics, "best_epoch": dict(self.record.metrics)},
            "verification": {
                "verified": True,
                "how": (
                    "Loaded in a fresh process on the CPU with TensorFlow or Keras alone, asked for real samples in "
                    "batches and one by one, compared with the app's own answers."
                ),
                **{key: value for key, value in self.proof.items() if key not in ("agrees", "signatures")},
            },
            "files": self.files,
        }
        if isinstance(prep.input, TablePreparation):
            body["columns"] = input_names(prep.input)
        if self.golden:
            body["golden"] = {
                "file": GOLDEN_FILE,
                "samples": self.golden,
                "note": "Holds samples of the test part, for verify.py; delete both where the data must stay private.",
            }
        return body


def ours(export: Path) -> dict[str, Any] | None:
    """The manifest of an export that this program made; None where there is none of ours."""
    path = path_for(export)
    if not path.is_file():
        return None
    try:
        body = read_json(path)
    except WorkbenchError:
        return None
    return body if isinstance(body, dict) and body.get("made_by") == MAKER else None


def check_files(export: Path, body: dict[str, Any]) -> None:
    """Compare an export's files with what its manifest says of them.

    Raises:
        ExportError: One is missing or changed, or one was added.
    """
    try:
        expected = {name: known["sha256"] for name, known in body["files"].items() if name not in PROOF_FILES}
    except (KeyError, TypeError, AttributeError) as error:
        raise ExportError(
            "An export's manifest must be whole.", str(path_for(export)), "Export the model again."
        ) from error
    wrong = [name for name, known in expected.items() if _digest(export / name if export.is_dir() else export) != known]
    if export.is_dir():
        wrong += [name for name in strangers(export, body) if name not in PROOF_FILES]
    if wrong:
        raise ExportError(
            "An export must be as it was when it was proved.",
            f"changed, added or missing: {', '.join(wrong[:5])}",
            "Export the model again.",
        )


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def strangers(folder: Path, body: dict[str, Any]) -> list[str]:
    """Files in an export's folder that it was not made with."""
    known = set(body.get("files", {})) | {FILE}
    return [name for path in sorted(folder.rglob("*")) if path.is_file() and (name := _name(folder, path)) not in known]
