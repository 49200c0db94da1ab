"""What is known of an export from its manifest, and which exports this project has made. No widgets here."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from workbench.catalog.formats import FormatSpec, format_spec
from workbench.core import files
from workbench.core.errors import WorkbenchError

INDEX = "exports.json"
MOST_KEPT = 50


@dataclasses.dataclass(frozen=True)
class ExportFacts:
    """One export as its manifest tells it.

    Args:
        path: The folder or file.
        manifest: Where its record lies.
        form: Its format.
        run: The run whose model is inside.
        created: ISO 8601, UTC.
        max_abs_diff: The largest difference from the app's own answers.
        label_agreement: The part of the answers with the same class.
        samples: How many real samples were compared.
        size: In bytes.
        kind: "image", "table" or "array".
        task: "classification" or "regression".
        classes: The class names inside.
        columns: Column name to the name of the input that takes it.
        further: For each further target, what its answers' names begin with, and its classes.
    """

    path: Path
    manifest: Path
    form: FormatSpec
    run: str
    created: str
    max_abs_diff: float
    label_agreement: float
    samples: int
    size: int
    kind: str
    task: str
    classes: tuple[str, ...] = ()
    columns: dict[str, str] = dataclasses.field(default_factory=dict)
    further: tuple[tuple[str, tuple[str, ...]], ...] = ()


def read_facts(path: Path, manifest: Path) -> ExportFacts | None:
    """What the manifest says, or None where there is no whole one any more."""
    if not path.exists():
        return None
    try:
        body: dict[str, Any] = files.read_json(manifest)
        form = format_spec(body["format"])
        proof, data = body["verification"], body["data"] or {}
        if form is None or not proof["verified"]:
            return None
        return ExportFacts(
            path=path,
            manifest=manifest,
            form=form,
            run=str(body["run"]),
            created=str(body["created"]),
            max_abs_diff=float(proof["max_abs_diff"]),
            label_agreement=float(proof["label_agreement"]),
            samples=int(proof["samples"]),
            size=sum(int(file["size"]) for file in body["files"].values()),
            kind=str(data.get("kind", "")),
            task=str(data.get("task", "")),
            classes=tuple(body["classes"]),
            columns={str(name): str(given) for name, given in body.get("columns", {}).items()},
            further=tuple(map(_further, body.get("further", ()))),
        )
    except (WorkbenchError, KeyError, TypeError, ValueError, AttributeError):
        return None


def _further(target: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """What a further target's answers begin with, and its classes; what is no part of a name is refused."""
    before = str(target["answers_begin_with"])
    if not before.isidentifier():  # it becomes part of the Python that is shown to be copied
        raise ValueError(before)
    return before, tuple(map(str, target["classes"]))


def list_exports(folder: Path) -> list[ExportFacts]:
    """The project's exports that still stand where they were made, newest first."""
    found = [read_facts(path, manifest) for path, manifest in _index(folder)]
    return [facts for facts in reversed(found) if facts is not None]


def remember_export(folder: Path, path: Path, manifest: Path) -> None:
    """Add an export to the project's list.

    Raises:
        FileError: The list could not be written.
    """
    kept = [entry for entry in _index(folder) if entry[0] != path][-(MOST_KEPT - 1) :]
    records = [{"path": str(one), "manifest": str(other)} for one, other in [*kept, (path, manifest)]]
    files.write_json(folder / INDEX, {"exports": records})


def _index(folder: Path) -> list[tuple[Path, Path]]:
    try:
        records = files.read_json(folder / INDEX)["exports"]
        return [(Path(record["path"]), Path(record["manifest"])) for record in records]
    except (WorkbenchError, KeyError, TypeError):
        return []
