"""Imports go down only; the same contracts that the linter reads, run as a test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_that_imports_keep_their_contracts() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(linter), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_that_no_file_names_a_machine_or_opens_a_pickle() -> None:
    forbidden = ("pickle.load", "allow_pickle=True", "safe_mode=False", "enable_unsafe_deserialization")
    offenders = [
        f"{path.relative_to(ROOT)}: {word}"
        for folder in ("workbench", "ui")
        for path in (ROOT / folder).rglob("*.py")
        for word in forbidden
        if word in path.read_text(encoding="utf-8")
    ]
    assert offenders == []
