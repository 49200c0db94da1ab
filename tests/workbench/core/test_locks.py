from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from workbench.core import locks

HOLDER = """
import sys
from pathlib import Path
from workbench.core import locks
with locks.held(Path(sys.argv[1])) as alone:
    print(alone, flush=True)
    sys.stdin.read()
"""


def test_that_one_process_at_a_time_holds_a_file_and_a_killed_one_no_more(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("{}")
    words = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        with locks.held(path, 0.1) as alone:
            assert not alone
        other.kill()
    with locks.held(path) as alone:
        assert alone
        with locks.held(path) as twice:
            assert not twice
    assert path.read_text() == "{}"


def test_that_a_file_that_is_not_there_keeps_nobody_out(tmp_path: Path) -> None:
    with locks.held(tmp_path / "none") as alone:
        assert alone
