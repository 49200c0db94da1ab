"""How soon the window is painted, beside how long `import tensorflow` alone takes: fresh processes, in turns.

Run: python -m tests.benchmarks.startup [ROUNDS]
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = ("tensorflow", "keras", "sklearn", "pandas")

# The clock starts before the first import of either side; Python's own start is in neither.
WINDOW = """
import time
began = time.perf_counter()
import json, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ui import app
def painted(window):
    took = time.perf_counter() - began
    heavy = [name for name in {heavy!r} if name in sys.modules]
    print(json.dumps({{"seconds": took, "heavy": heavy}}), flush=True)
    import os
    os._exit(0)
from ui.main_window import MainWindow
paint = MainWindow.paintEvent
def watched(self, event):
    paint(self, event)
    QTimer.singleShot(0, self, lambda: painted(self))
MainWindow.paintEvent = watched
app.main([])
"""
TENSORFLOW = """
import time
began = time.perf_counter()
import tensorflow
import json
print(json.dumps({"seconds": time.perf_counter() - began}), flush=True)
import os
os._exit(0)
"""


def measure(code: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as home:
        own = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"), home)
        environment = {**os.environ, **own, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(ROOT)}
        if not environment.get("DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    result: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    window_code = WINDOW.format(heavy=HEAVY)
    measure(window_code), measure(TENSORFLOW)  # once each, so that the disk has been read
    windows, imports = [], []
    for number in range(rounds):
        window, tensorflow = measure(window_code), measure(TENSORFLOW)
        if window["heavy"]:
            print(f"imported before the first paint: {window['heavy']}")
            return 1
        windows.append(float(str(window["seconds"])))
        imports.append(float(str(tensorflow["seconds"])))
        print(f"round {number + 1}: first paint {windows[-1]:.2f} s, import tensorflow {imports[-1]:.2f} s")
    paint, load = statistics.median(windows), statistics.median(imports)
    print(
        f"median: first paint {paint:.2f} s, import tensorflow {load:.2f} s, ratio {paint / load:.2f} (must be below 1)"
    )
    return 0 if paint < load else 1


if __name__ == "__main__":
    sys.exit(main())
