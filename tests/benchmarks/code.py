"""Every model of keras.applications, imported to a drawing, written as a script, run, and read back.

    python tests/benchmarks/code.py                     all
    python tests/benchmarks/code.py MobileNet ResNet    those whose names hold one of these words

Each has a process of its own. The script's model must have as many parameters as the original; what is read back must
be the same drawing, apart from layers that the drawing keeps whole.
"""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def names() -> list[str]:
    """The models there are."""
    import keras

    return [
        name for name, value in vars(keras.applications).items() if name[:1].isupper() and inspect.isfunction(value)
    ]


def one(name: str) -> dict[str, Any]:
    """Save, import, write, run and read back one model."""
    import keras

    from workbench.codegen.model import model_script
    from workbench.codegen.parse import parse_script
    from workbench.graph.diff import compare
    from workbench.importing import import_model

    original = getattr(keras.applications, name)(weights=None)
    with tempfile.TemporaryDirectory() as folder:
        original.save(Path(folder) / "model.keras")
        imported = import_model(Path(folder) / "model.keras", weights=False)
        if imported.info is None:
            return {"model": name, "agrees": False, "why": "its input's shape is not known"}
        began = time.perf_counter()
        text = model_script(imported.graph, imported.info)
        written = time.perf_counter()
        again, _ = parse_script(text)
        read = time.perf_counter()
        (Path(folder) / "script.py").write_text(text, encoding="utf-8")
        count = "import runpy, sys; print(runpy.run_path(sys.argv[1])['model'].count_params())"
        command = [sys.executable, "-c", count, str(Path(folder) / "script.py")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = compare(imported.graph, again)
    kept = [change for change in found.changed if change.before.layer == "Kept"]
    params = int(done.stdout.split()[-1])
    differing = len(found.lines()) - len(kept)
    return {
        "model": name,
        "layers": len(imported.graph.nodes),
        "params": original.count_params(),
        "script_params": params,
        "lines": text.count("\n"),
        "functions": text.count("\ndef "),
        "kept": len(kept),
        "differing": differing,
        "write_s": round(written - began, 2),
        "read_s": round(read - written, 2),
        "agrees": params == original.count_params() and not differing,
    }


def main() -> int:
    """Print a line for each model; 0 when all agree."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    words = sys.argv[1:]
    if words[:1] == ["--one"]:
        print(json.dumps(one(words[1])))
        return 0
    agreeing, total = 0, 0
    for name in names():
        if words and not any(word in name for word in words):
            continue
        total += 1
        command = [sys.executable, __file__, "--one", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        answer = json.loads(done.stdout.strip().split("\n")[-1]) if done.returncode == 0 else {"agrees": False}
        agreeing += bool(answer["agrees"])
        print(f"{name:20} {answer if done.returncode == 0 else done.stderr.strip()[-200:]}", flush=True)
    print(f"{agreeing} of {total} agree")
    return 0 if agreeing == total else 1


if __name__ == "__main__":
    raise SystemExit(main())
