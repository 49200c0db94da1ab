"""The guard that fails a test which leaves something behind, proved on tests that do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LEAKS = {
    "thread": (
        "from threading import Event, Thread\n"
        "Thread(target=Event().wait, args=(8,), name='task: x', daemon=True).start()"
    ),
    "timer": "from PySide6.QtCore import QTimer\nkept.append(QTimer())\nkept[0].start(1000)",
    "widget": "from PySide6.QtWidgets import QLabel\nkept.append(QLabel('left'))\nkept[0].show()",
}


@pytest.mark.parametrize("kind", LEAKS)
def test_that_what_is_left_behind_fails_the_test(kind: str, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    (tmp_path / "conftest.py").write_text((root / "tests" / "conftest.py").read_text(encoding="utf-8"))
    body = "\n".join(f"    {line}" for line in LEAKS[kind].splitlines())
    (tmp_path / "test_leak.py").write_text(f"kept = []\ndef test_leak(qapp):\n{body}\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / "test_leak.py")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert f"left behind: {kind}" in done.stdout
    assert done.returncode == 1
