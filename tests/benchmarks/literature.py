"""Every architecture preset: opened on data of its kind, its size against the published one, a step trained, exported.

Run from the checkout: `.venv/bin/python tests/benchmarks/literature.py [NAME...] [--no-export]`. The size is counted on
the data that the paper counts with; the step is trained, and the export made and compared, on the smallest data that
the preset takes. Exits 1 when one fails.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from workbench.core.cancel import CancelToken
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec
from workbench.engine.check import check
from workbench.project.model import Project
from workbench.project.presets import Preset, architectures, with_architecture
from workbench.runs import store

SAMPLES = 16


def small_shape(preset: Preset) -> tuple[int, ...]:
    """The smallest sample of its kind that the preset is made for, up to what its reference is."""
    suits, shape = preset.suits, preset.reference_input
    if suits.kinds[0] == "image":
        side = -(-max(suits.min_size, 16) // suits.multiple) * suits.multiple
        return (side, side, shape[-1])
    return tuple(min(size, 12) for size in shape) if len(shape) < 3 else shape


def small_data(preset: Preset, folder: Path) -> Dataset:
    """Made-up data of the preset's kind, brought as a user would bring them."""
    draw = np.random.default_rng(0)
    shape = small_shape(preset)
    classes = 0 if preset.suits.task == "regression" else 3
    y = draw.permutation(np.arange(SAMPLES * 2) % classes) if classes else draw.normal(size=SAMPLES * 2)
    if preset.suits.kinds[0] == "image":
        return _pictures(folder, draw, shape, y)
    if preset.suits.kinds[0] == "table":
        return _table(folder, draw, shape[0], y)
    if preset.suits.integer:
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


def trained(preset: Preset, dataset: Dataset, folder: Path) -> str:
    """What became of a training of one step; empty when it went well."""
    from workbench.engine.trainer import train

    project = with_architecture(Project(name=preset.name, dataset=dataset.spec, info=dataset.info), preset)
    problems = [problem.message for problem in check(project).problems]
    if problems:
        return "; ".join(problems)
    plan = {"epochs": 1, "batch_size": max(dataset.info.train_samples, 1)}
    project = project.model_copy(update={"training": project.training.model_copy(update=plan)})
    ended = train(folder, store.new_run(folder, project), lambda _: None, CancelToken(), dataset)
    return "" if ended.outcome == "done" else f"{ended.outcome}: {ended.message}"


def exported(dataset: Dataset, folder: Path) -> str:
    """The largest difference between the program's answers and the export's."""
    from workbench.engine.export import export_run

    certificate = export_run(folder, format="saved_model", out=folder / "export", dataset=dataset)
    return f"{certificate.max_abs_diff:.0e}" if certificate.verified else "differs"


def row(preset: Preset, export: bool) -> tuple[bool, list[str]]:
    """One line of the table, and whether all went well."""
    begun = time.perf_counter()
    report = check(with_architecture(Project(info=preset.reference), preset))
    published = preset.published_parameters
    off = (report.trainable_params - published) / published if published else 0.0
    good = not report.problems and (abs(off) <= 0.01 or bool(preset.note))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dataset = small_data(preset, folder)
        failure = trained(preset, dataset, folder)
        answer = exported(dataset, folder) if export and not failure else ""
    good = good and not failure and answer != "differs"
    shape = "×".join(map(str, preset.reference_input))
    small = "×".join(map(str, small_shape(preset)))
    return good, [
        preset.name,
        str(preset.layers),
        shape,
        f"{report.trainable_params:,}",
        f"{published:,}" if published else "",
        f"{off:+.2%}" if published else "",
        small,
        failure or "trained",
        answer,
        f"{time.perf_counter() - begun:.0f} s",
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--no-export", action="store_true", help="train, but export nothing")
    chosen = parser.parse_args()
    heads = ["preset", "layers", "counted on", "learn", "published", "off", "tried on", "a step", "export", "took"]
    widths = [20, 6, 12, 12, 12, 8, 12, 8, 8, 6]
    print("  ".join(word.ljust(width) for word, width in zip(heads, widths, strict=True)))
    failed = 0
    for preset in architectures():
        if chosen.names and preset.name not in chosen.names:
            continue
        good, cells = row(preset, not chosen.no_export)
        failed += not good
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        print(line + ("" if good else "  FAILED"), flush=True)
    print(f"{failed} failed." if failed else "All well.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
