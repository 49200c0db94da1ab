"""Every architecture preset: opened on data of its kind, its size against the published one, a step trained, exported.

    python tests/benchmarks/literature.py                     all of them
    python tests/benchmarks/literature.py lenet5 gpt2         only these
    python tests/benchmarks/literature.py --results F.jsonl   go on where F.jsonl ends
    python tests/benchmarks/literature.py --no-export         train, but export nothing

Each has a process of its own. The size is counted on the data that the paper counts with; the step is trained, and the
export made and compared in a fresh process, on the smallest data that the preset takes. Exits 1 when one fails.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import apart
from workbench.core.control import RunControl
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec
from workbench.engine.check import check
from workbench.project.model import Project
from workbench.project.presets import Preset, architectures, preset, with_architecture
from workbench.runs import store

CLOSE = 0.01
"""How far a preset's size may be off the published one without a word of it."""
SAMPLES = 24
"""The fewest of which each part of the split sees every class."""


def small_shape(chosen: Preset) -> tuple[int, ...]:
    """The smallest sample of its kind that the preset is made for, up to what its reference is."""
    suits, shape = chosen.suits, chosen.reference_input
    if suits.kinds[0] == "image":
        side = -(-max(suits.min_size, 16) // suits.multiple) * suits.multiple
        return (side, side, shape[-1])
    return tuple(min(size, 12) for size in shape) if len(shape) < 3 else shape


def small_data(chosen: Preset, folder: Path) -> Dataset:
    """Made-up data of the preset's kind, brought as a user would bring them."""
    draw = np.random.default_rng(0)
    shape = small_shape(chosen)
    classes = 0 if chosen.suits.task == "regression" else 3
    y = draw.permutation(np.arange(SAMPLES) % classes) if classes else draw.normal(size=SAMPLES)
    if chosen.suits.kinds[0] == "image":
        return _pictures(folder, draw, shape, y)
    if chosen.suits.kinds[0] == "table":
        return _table(folder, draw, shape[0], y)
    if chosen.suits.integer:
        x = draw.integers(1, 50, (len(y), *shape)).astype("int32")
    else:
        x = draw.normal(size=(len(y), *shape)).astype("float32")
    np.savez(folder / "data.npz", x=x, y=y)
    return open_dataset(DatasetSpec(source="npz", location=str(folder / "data.npz")))


def _pictures(folder: Path, draw: np.random.Generator, shape: tuple[int, ...], y: np.ndarray) -> Dataset:
    from PIL import Image

    for number, label in enumerate(y):
        place = folder / "pictures" / f"class {label}"
        place.mkdir(parents=True, exist_ok=True)
        pixels = draw.integers(0, 256, shape, dtype=np.uint8)
        Image.fromarray(pixels[..., 0] if shape[-1] == 1 else pixels).save(place / f"{number}.png")
    color = "grayscale" if shape[-1] == 1 else "rgb"
    spec = DatasetSpec(
        source="image_folder", location=str(folder / "pictures"), height=shape[0], width=shape[1], color=color
    )
    return open_dataset(spec)


def _table(folder: Path, draw: np.random.Generator, width: int, y: np.ndarray) -> Dataset:
    names = [f"measure {number}" for number in range(width)]
    rows = [",".join([*names, "answer"])]
    for answer in y:
        values = ",".join(f"{value:.4f}" for value in draw.normal(size=width))
        rows.append(f"{values},{answer if isinstance(answer, float) else f'kind {answer}'}")
    (folder / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return open_dataset(DatasetSpec(source="csv", location=str(folder / "table.csv"), target="answer"))


def trained(chosen: Preset, dataset: Dataset, folder: Path) -> str:
    """What became of a training of one step; empty when it went well."""
    from workbench.engine.trainer import train

    project = with_architecture(Project(name=chosen.name, dataset=dataset.spec, info=dataset.info), chosen)
    problems = [problem.message for problem in check(project).problems]
    if problems:
        return "; ".join(problems)
    plan = {"epochs": 1, "batch_size": max(dataset.info.train_samples, 1)}
    project = project.model_copy(update={"training": project.training.model_copy(update=plan)})
    ended = train(folder, store.new_run(folder, project), lambda _: None, RunControl(), dataset)
    return "" if ended.outcome == "done" else f"{ended.outcome}: {ended.message}"


def exported(dataset: Dataset, folder: Path) -> float:
    """The largest difference between the program's answers and those of the export, which stands only when proved."""
    from workbench.engine.export import export_run

    return export_run(folder, format="saved_model", out=folder / "export", dataset=dataset).max_abs_diff


def one(name: str, export: bool) -> dict[str, Any]:
    """What became of one preset."""
    begun = time.perf_counter()
    chosen = preset(name)
    report = check(with_architecture(Project(info=chosen.reference), chosen))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        dataset = small_data(chosen, folder)
        step = trained(chosen, dataset, folder)
        difference = exported(dataset, folder) if export and not step else None
    return {
        "name": name,
        "layers": chosen.layers,
        "counted_on": chosen.reference_input,
        "problems": [problem.message for problem in report.problems],
        "learn": report.trainable_params,
        "published": chosen.published_parameters,
        "note": chosen.note,
        "tried_on": small_shape(chosen),
        "step": step or "trained",
        "difference": difference,
        "seconds": round(time.perf_counter() - begun, 1),
    }


def off(result: dict[str, Any]) -> float:
    """By what part of the published number the preset's differs."""
    published = result["published"]
    return (result["learn"] - published) / published if published else 0.0


def good(result: dict[str, Any], export: bool) -> bool:
    """Whether it opened clean, is as large as published or says why not, was trained and, if asked, exported."""
    if result.get("failed") or result["problems"] or result["step"] != "trained":
        return False
    explained = abs(off(result)) <= CLOSE or bool(result["note"])
    return explained and (result["difference"] is not None or not export)


HEADS = ("preset", "layers", "counted on", "learn", "published", "off", "tried on", "a step", "export", "took")
WIDTHS = (20, 6, 12, 12, 12, 8, 12, 8, 8, 6)


def line(result: dict[str, Any]) -> str:
    """One row of the table."""
    if result.get("failed"):
        return f"{result['name']:20}  {result['failed']}"
    published = result["published"]
    cells = (
        result["name"],
        str(result["layers"]),
        "×".join(map(str, result["counted_on"])),
        f"{result['learn']:,}",
        f"{published:,}" if published else "",
        f"{off(result):+.2%}" if published else "",
        "×".join(map(str, result["tried_on"])),
        result["step"],
        "" if result["difference"] is None else f"{result['difference']:.0e}",
        f"{result['seconds']:.0f} s",
    )
    return row(cells) + "".join(f"\n    {problem}" for problem in result["problems"])


def row(cells: tuple[str, ...]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--results", type=Path, help="a file of results to go on with")
    parser.add_argument("--no-export", action="store_true", help="train, but export nothing")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    export = not chosen.no_export
    if chosen.one:
        print(json.dumps(one(chosen.one, export)))
        return 0
    known = {name: entry for name, entry in apart.known(chosen.results).items() if good(entry, export)}
    names = chosen.names or [found.name for found in architectures()]
    print(row(HEADS), flush=True)
    failed = 0
    for name in names:
        result = known.get(name) or apart.in_own_process(__file__, name, *([] if export else ["--no-export"]))
        if name not in known:
            apart.keep(chosen.results, result)
        well = good(result, export)
        failed += not well
        print(line(result) + ("" if well else "  FAILED"), flush=True)
    print(f"{len(names) - failed} of {len(names)} presets open clean, have their size, train a step and export.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
