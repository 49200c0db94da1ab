"""Imports the engine and waits for an isolated run: `python -m workbench.cli.spare`, kept by `runs/spare.py`.

Its order is one line of JSON on its standard input; should that end without one, the process ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sys
import threading
from pathlib import Path

from workbench.core import files
from workbench.runs import launching, store
from workbench.runs.isolated import LOG_FILE

Orders = queue.SimpleQueue[bytes]


def _listening() -> Orders:
    """Wait for the order on a thread: who keeps this process may end while it still imports."""
    orders = Orders()

    def listen() -> None:
        line = sys.stdin.buffer.readline()
        if not line.endswith(b"\n"):
            os._exit(0)
        orders.put(line)

    threading.Thread(target=listen, name="order", daemon=True).start()
    return orders


def _warm() -> None:
    """Import the engine, and do what does not depend on a run; what goes wrong with it is told to the run."""
    with contextlib.suppress(Exception):
        from workbench.engine import isolated, runtime, trainer  # noqa: F401

        runtime.start()
        print("warm", flush=True)


def _stand_alone(log: Path) -> None:
    """Let go of the files of who kept this process; its words go to its run's log, as those of a fresh one do."""
    with files.appending(log) as words, Path(os.devnull).open("rb") as nothing:
        for ours, standard in ((nothing, 0), (words, 1), (words, 2)):
            os.dup2(ours.fileno(), standard)


def main() -> None:
    """Get ready, wait for the order, and carry it out."""
    launching.give_way()
    orders = _listening()
    _warm()
    order = json.loads(orders.get())
    project = Path(order["project"])
    _stand_alone(store.run_folder(project, order["run"]) / LOG_FILE)
    from workbench.engine import isolated

    isolated.leave(isolated.told(project, order["run"], resume=order["resume"]))


if __name__ == "__main__":
    main()
