"""For benchmarks whose parts each want a process of its own: memory is given back, and a broken-off table goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def in_own_process(script: str, name: str, *options: str) -> dict[str, Any]:
    """What `script --one NAME` prints as its last line; `failed` where it died, with its last words."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    order = [sys.executable, script, "--one", name, *options]
    done = subprocess.run(order, capture_output=True, text=True, env=environment, check=False)
    last = done.stdout.strip().splitlines()[-1:] or [""]
    if done.returncode or not last[0].startswith("{"):
        tail = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        return {"name": name, "failed": tail[0][:200]}
    return dict(json.loads(last[0]))


def known(results: Path | None) -> dict[str, dict[str, Any]]:
    """What an earlier call left in the file of results: the last word on each; what died is to be tried again."""
    if results is None or not results.exists():
        return {}
    entries = {entry["name"]: entry for entry in map(json.loads, results.read_text(encoding="utf-8").splitlines())}
    return {name: entry for name, entry in entries.items() if not entry.get("failed")}


def keep(results: Path | None, entry: dict[str, Any]) -> None:
    """Add one to the file of results, where there is one."""
    if results is not None:
        with results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
