"""What is light stays light: only the engine brings TensorFlow into a process."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("tensorflow", "keras", "sklearn", "pandas")

PROGRAM = """
import importlib, pkgutil, sys
waiting = ["{root}"]
while waiting:
    package = importlib.import_module(waiting.pop())
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if module.name == "workbench.engine" or module.name.endswith("__main__"):
            continue
        importlib.import_module(module.name)
        if module.ispkg:
            waiting.append(module.name)
print(",".join(name for name in {heavy!r} if name in sys.modules))
"""


@pytest.mark.parametrize("root", ["workbench", "ui", "presets"])
def test_that_everything_but_the_engine_imports_without_tensorflow(root: str) -> None:
    program = PROGRAM.format(root=root, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
