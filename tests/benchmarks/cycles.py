"""Starts and stops a training many times in one process: the memory must not grow, and no thread may be left.

    python tests/benchmarks/cycles.py [N] [--json]

Each of the N cycles (200 if not named) trains on a thread of its own, as the window does, and is stopped at its first
batch. Needed: less than 1 MB a cycle after the first ten, and as many threads at the end as after these. Ends with 1
where that does not hold.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.kills import project_of
from workbench.core.control import RunControl
from workbench.core.events import BatchEnded, Event
from workbench.data.dataset import Dataset, open_dataset
from workbench.project.model import Project
from workbench.runs import store

WARM = 10
LIMIT_MB = 1.0


def megabytes() -> float:
    """What the process holds in memory."""
    return psutil.Process().memory_info().rss / 2**20


def cycle(folder: Path, project: Project, dataset: Dataset) -> None:
    """One training, stopped at its first batch."""
    from workbench.engine.trainer import train

    control = RunControl()

    def hear(event: Event) -> None:
        if isinstance(event, BatchEnded):
            control.stop()

    plan = store.new_run(folder, project)
    thread = threading.Thread(target=train, args=(folder, plan, hear, control, dataset))
    thread.start()
    thread.join()


def main() -> int:
    """Start, stop, and print how the process grew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cycles", nargs="?", type=int, default=200, metavar="N")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    choices = parser.parse_args()
    project = project_of("plateau")
    assert project.dataset is not None, "it was made with one"
    dataset = open_dataset(project.dataset)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(WARM):
            cycle(folder, project, dataset)
        before, threads = megabytes(), {thread.ident for thread in threading.enumerate()}
        for number in range(1, choices.cycles + 1):
            cycle(folder, project, dataset)
            if not choices.json and number % 10 == 0:
                print(f"cycle {number:3}: {megabytes():7.1f} MB, {threading.active_count()} threads", flush=True)
        growth = (megabytes() - before) / choices.cycles
        left = [thread.name for thread in threading.enumerate() if thread.ident not in threads]
    holds = growth < LIMIT_MB and not left
    if choices.json:
        print(
            json.dumps({"cycles": choices.cycles, "mb_a_cycle": round(growth, 3), "threads_left": left, "holds": holds})
        )
    else:
        print(f"{growth:.2f} MB a cycle; threads left: {', '.join(left) or 'none'}; {'holds' if holds else 'FAILS'}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
