"""Files that want to do harm are refused, in words, before Keras is so much as imported."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from workbench.core.errors import FileError
from workbench.importing import import_model

sys.path.insert(0, str(Path(__file__).parent))

import hostile

sys.path.pop(0)

PROGRAM = """
import json, sys
from pathlib import Path
from workbench.core.errors import FileError
from workbench.importing import import_model
started = []
sys.addaudithook(lambda event, told: started.append(str(told[1])) if event == "subprocess.Popen" else None)
answers = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        import_model(path, into=Path(sys.argv[2]))
        answers[path.name] = None
    except FileError as error:
        answers[path.name] = error.to_json()
keras = "keras" in sys.modules or any("workbench.engine" in one for one in started)
print(json.dumps({"answers": answers, "keras": keras}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a fresh process says of every hostile file."""
    folder, out = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("out")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, make in hostile.HOSTILE.items():
            make(folder / name)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), str(out)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout), "left": [path.name for path in out.iterdir()]}


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_that_a_hostile_file_is_refused_in_words(name: str, told: dict[str, Any]) -> None:
    refusal = told["answers"][name]
    assert refusal is not None, "it was opened"
    assert name in refusal["rule"]
    assert refusal["received"]
    assert refusal["hint"]
    assert "Traceback" not in refusal["received"]


def test_that_keras_is_imported_for_none_of_them_here_or_in_another_process(told: dict[str, Any]) -> None:
    assert len(hostile.HOSTILE) >= 30
    assert not told["keras"]
    assert told["left"] == []


def test_that_the_file_they_are_all_made_from_is_a_good_one(tmp_path: Path) -> None:
    path = tmp_path / "good.keras"
    hostile.packed(path)
    found = import_model(path, weights=False)
    assert [node.layer for node in found.graph.nodes] == ["Input", "Dense", "Output"]
    assert found.graph.nodes[1].params == {"units": 4}


def test_that_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"gone\.keras"):
        import_model(tmp_path / "gone.keras")
