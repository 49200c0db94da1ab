"""Every figure that we hold ourselves to, one after the other, on a machine that does nothing else.

make bench
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
SCRIPTS = (
    "startup.py",
    "gui_lateness.py",
    "train_speed.py",
    "train_data_speed.py",
    "stop_latency.py",
    "kills.py",
    "failing_writes.py",
    "cycles.py",
    "memory.py",
    "shapes.py",
    "canvas.py",
    "graphs.py",
    "layers.py",
    "code.py",
    "applications.py",
    "literature.py",
    "doctor.py",
)


def main() -> int:
    """Run each benchmark in a fresh process; 1 when any of them does not hold."""
    failed = []
    for script in SCRIPTS:
        sys.stdout.write(f"\n== {script}\n")
        sys.stdout.flush()
        if subprocess.run([sys.executable, str(FOLDER / script)], check=False).returncode:
            failed.append(script)
    sys.stdout.write(f"\nDid not hold: {', '.join(failed)}\n" if failed else "\nAll hold.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
