"""`python -m workbench.engine.importing JOB`: Keras makes the described model, loads the weights and hands them out."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from workbench.engine.importing.revive import revived


def main(path: str) -> int:
    """Carry out the job in a file; the answer is one JSON object on standard output."""
    job = json.loads(Path(path).read_text(encoding="utf-8"))
    try:
        answer = _taken(job)
    # Keras raises classes of many kinds for a model that it cannot make of its description.
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"[:500]}
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def _taken(job: dict[str, Any]) -> dict[str, Any]:
    model = revived(job["config"])
    model.load_weights(job["weights"])
    count = 0
    with zipfile.ZipFile(job["out"], "w", zipfile.ZIP_STORED) as archive:
        for node, source in job["sources"].items():
            for number, weight in enumerate(_layer(model, source).weights):
                count += 1
                with archive.open(f"{node}/{number}.npy", "w", force_zip64=True) as file:
                    np.lib.format.write_array(file, np.asarray(weight), allow_pickle=False)
    return {"weights": count}


def _layer(model: Any, source: list[str]) -> Any:
    for name in source:
        model = next(
            layer for layer in model._flatten_layers(include_self=False, recursive=False) if layer.name == name
        )
    return model


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
