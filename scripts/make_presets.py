"""Write presets/*/*.json from the drawings beside this script; --check writes nothing.

How large each architecture is, is counted by the program's own check, on the data that its paper counts with.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from preset_drawing import Recipe, file_text  # noqa: E402
from presets_first import FIRST, projects  # noqa: E402
from presets_inception import INCEPTION  # noqa: E402
from presets_pictures import PICTURES  # noqa: E402
from presets_pictures_deep import DEEP  # noqa: E402
from presets_sequences import SEQUENCES  # noqa: E402
from presets_transformers import TRANSFORMERS  # noqa: E402

from workbench.core.files import write_text  # noqa: E402

FOLDER = Path(__file__).resolve().parent.parent / "presets"


def counted(recipe: Recipe) -> Recipe:
    """The recipe with its parameters counted on the data that it is measured with."""
    from workbench.engine.check import check
    from workbench.project.model import Project
    from workbench.project.presets import Preset, with_architecture

    found = Preset(name=recipe.name, group="architecture", **recipe.record())
    project = with_architecture(Project(info=found.reference), found)
    report = check(project)
    wrong = [problem.message for problem in report.problems]
    if wrong:
        raise SystemExit(f"{recipe.name}: {wrong}")
    return dataclasses.replace(recipe, more={**recipe.more, "parameters": report.total_params})


def files() -> dict[Path, str]:
    """What each file must hold."""
    architectures = [counted(recipe) for recipe in (*FIRST, *PICTURES, *DEEP, *INCEPTION, *SEQUENCES, *TRANSFORMERS)]
    return {
        FOLDER / f"{recipe.group}s" / f"{recipe.name}.json": file_text(recipe.record()) + "\n"
        for recipe in (*architectures, *projects())
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not current")
    checking = parser.parse_args().check
    wanted = files()
    there = set(FOLDER.glob("*/*.json"))
    stale = [path for path, text in wanted.items() if path not in there or path.read_text(encoding="utf-8") != text]
    gone = sorted(there - set(wanted))
    if checking:
        for path in (*stale, *gone):
            print(f"{path.name} is not current: run scripts/make_presets.py.")
        return 1 if stale or gone else 0
    for path in stale:
        write_text(path, wanted[path])
    for path in gone:
        path.unlink()
    print(f"{len(wanted)} presets, {len(stale)} written, {len(gone)} removed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
