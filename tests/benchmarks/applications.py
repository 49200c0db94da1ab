"""Every model of keras.applications through the command line: imported, checked, built again, written as a script.

    python tests/benchmarks/applications.py                     all, the smallest first
    python tests/benchmarks/applications.py MobileNet ResNet    those whose names hold one of these words
    python tests/benchmarks/applications.py --results F.jsonl   go on where F.jsonl ends; what failed is done anew

One model after the other, each step in a process of its own, with bounded memory. Every weight is moved off its first
value, so that nothing agrees by chance. Shown of each, at the size of pictures that the model is published for:

- `workbench import M.keras d`, and how many layers had to be kept whole;
- `workbench check d --json`: whether all is well, and as many parameters as the original has, apart from the statistics
  of a Normalization that has learned nothing: here they are settings that a training finds, and no weights;
- the model built again from the drawing with the weights carried over: its answer differs by at most 1e-5;
- `workbench code d`: the script, run where this program cannot be imported, gives as many parameters and that answer;
- a drawing with the model placed as one block: the same of its check and its script, against Keras's own
  `preprocess_input` and model.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

TOLERANCE = 1e-5
MEMORY = 48 * 2**30
SECONDS = 3600

# The smallest first, in millions of parameters.
MODELS = {
    "MobileNetV3Small": 2.6, "MobileNetV2": 3.5, "MobileNet": 4.3, "NASNetMobile": 5.3, "EfficientNetB0": 5.3,
    "MobileNetV3Large": 5.5, "EfficientNetV2B0": 7.2, "EfficientNetB1": 7.9, "DenseNet121": 8.1,
    "EfficientNetV2B1": 8.2, "EfficientNetB2": 9.2, "EfficientNetV2B2": 10.2, "EfficientNetB3": 12.3,
    "DenseNet169": 14.3, "EfficientNetV2B3": 14.5, "EfficientNetB4": 19.5, "DenseNet201": 20.2,
    "EfficientNetV2S": 21.6, "Xception": 22.9, "InceptionV3": 23.9, "ResNet50V2": 25.6, "ResNet50": 25.6,
    "ConvNeXtTiny": 28.6, "EfficientNetB5": 30.6, "EfficientNetB6": 43.3, "ResNet101": 44.7, "ResNet101V2": 44.7,
    "ConvNeXtSmall": 50.2, "EfficientNetV2M": 54.4, "InceptionResNetV2": 55.9, "ResNet152": 60.4, "ResNet152V2": 60.4,
    "EfficientNetB7": 66.7, "ConvNeXtBase": 88.5, "NASNetLarge": 88.9, "EfficientNetV2L": 119.0, "VGG16": 138.4,
    "VGG19": 143.7, "ConvNeXtLarge": 197.7, "ConvNeXtXLarge": 350.1,
}  # fmt: skip
MODULES = {
    "MobileNetV3": "mobilenet_v3", "MobileNetV2": "mobilenet_v2", "MobileNet": "mobilenet", "NASNet": "nasnet",
    "EfficientNetV2": "efficientnet_v2", "EfficientNet": "efficientnet", "DenseNet": "densenet",
    "Xception": "xception", "InceptionV3": "inception_v3", "InceptionResNetV2": "inception_resnet_v2",
    "ConvNeXt": "convnext", "VGG16": "vgg16", "VGG19": "vgg19",
}  # fmt: skip

DRIVER = """
import json, runpy, sys
sys.modules["workbench"] = None
import numpy as np
script, weights, layers, sample, answer = sys.argv[1:]
model = runpy.run_path(script)["model"]
with np.load(weights) as held:
    for name, key in json.load(open(layers)).items():
        layer = model.get_layer(name)
        number = len(layer.weights)
        if number:
            layer.set_weights([held[f"{key}/{place}"] for place in range(number)])
np.save(answer, np.asarray(model(np.load(sample), training=False)))
print(json.dumps({"params": model.count_params()}))
"""


def module_of(name: str) -> str:
    """The module of Keras that holds a model's `preprocess_input`."""
    found = next((module for start, module in MODULES.items() if name.startswith(start)), "")
    return found or ("resnet_v2" if name.endswith("V2") else "resnet")


def save(name: str, folder: Path) -> dict[str, Any]:
    """The original: its file, its weights, two samples and what it answers to them."""
    import keras
    import numpy as np

    keras.utils.set_random_seed(1)
    model = getattr(keras.applications, name)(weights=None)
    draw = np.random.default_rng(0)
    for layer in model.layers:
        # What a Normalization learned becomes a setting of its node, so that it is left as it is.
        if not isinstance(layer, keras.layers.Normalization):
            layer.set_weights([_moved(weight, draw) for weight in layer.get_weights()])
    sample = draw.random((1, *shape_of(model.input_shape)), dtype="float32")
    prepare = importlib.import_module(f"keras.applications.{module_of(name)}").preprocess_input
    np.save(folder / "sample.npy", sample)
    answer = np.asarray(model(sample, training=False))
    np.save(folder / "expected.npy", answer)
    np.save(folder / "expected_block.npy", np.asarray(model(prepare(sample * 255), training=False)))
    np.savez(folder / "weights.npz", **{f"net/{place}": value for place, value in enumerate(model.get_weights())})
    model.save(folder / "model.keras")
    learned = [layer for layer in model.layers if isinstance(layer, keras.layers.Normalization)]
    largest = float(np.abs(answer).max())
    return {
        "params": model.count_params(),
        "statistics": sum(layer.count_params() for layer in learned),
        "shape": list(sample.shape[1:]),
        "largest_answer": largest,
    }


def shape_of(shape: tuple[int | None, ...]) -> tuple[int, ...]:
    """One sample's shape; 64 stands for a size that is left open, as in an import."""
    return tuple(size or 64 for size in shape[1:])


def _moved(weight: Any, draw: Any) -> Any:
    """A weight off its first value, and not so far that the answers saturate."""
    import numpy as np

    moved = weight * (1 + 0.1 * draw.random(weight.shape))
    return moved if np.any(weight) else moved + 0.02 * draw.standard_normal(weight.shape)


def rebuild(folder: Path) -> dict[str, Any]:
    """The model built again from the project that the import made."""
    import numpy as np

    from workbench.engine.build import build_model
    from workbench.project import store

    project = store.load(folder / "imported")
    assert project.info is not None
    model = build_model(project.graph, project.info, weights=folder / "imported" / store.WEIGHTS_FILE)
    answer = np.asarray(model(np.load(folder / "sample.npy"), training=False))
    difference = np.abs(answer - np.load(folder / "expected.npy")).max()
    return {"params": model.count_params(), "difference": float(difference)}


def place(name: str, shape: list[int], folder: Path) -> None:
    """A project whose drawing is the model as one block."""
    from workbench.data.spec import DatasetInfo
    from workbench.graph import edits
    from workbench.project import store
    from workbench.project.model import Project

    graph, node = edits.append(edits.blank(), name, {"include_top": True})
    graph = edits.rename(graph, node, "net")
    classes = tuple(f"class {number}" for number in range(1000))
    info = DatasetInfo(
        title=name, kind="image", task="classification", input_shape=tuple(shape), classes=classes, samples=0,
        train_samples=0, validation_samples=0, test_samples=0,
    )  # fmt: skip
    store.save(Project(name="block", info=info, graph=graph), folder / "block")


def script(folder: Path, project: str, weights: Path, layers: dict[str, str], expected: str) -> dict[str, Any]:
    """`workbench code`, and what the script's model has and answers in a process that knows no workbench."""
    import numpy as np

    written, answer, names = (folder / f"{project}.{end}" for end in ("py", "npy", "json"))
    workbench("code", str(folder / project), "--out", str(written))
    names.write_text(json.dumps(layers), encoding="utf-8")
    (folder / "driver.py").write_text(DRIVER, encoding="utf-8")
    words = [folder / "driver.py", written, weights, names, folder / "sample.npy", answer]
    told = json.loads(run([str(word) for word in words], folder).splitlines()[-1])
    difference = float(np.abs(np.load(answer) - np.load(folder / expected)).max())
    return {"params": told["params"], "difference": difference, "lines": written.read_text().count("\n")}


def workbench(*words: str, fine: tuple[int, ...] = (0,)) -> str:
    """What the command line answers."""
    return run(["-m", "workbench", *words], ROOT, fine)


def run(words: list[str], folder: Path, fine: tuple[int, ...] = (0,)) -> str:
    """What a Python process prints; its last line of error is raised where it ends otherwise than it may."""
    environment = {
        **os.environ,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "PYTHONPATH": str(ROOT) if folder == ROOT else "",
    }
    done = subprocess.run(
        [sys.executable, *words],
        capture_output=True, text=True, env=environment, cwd=folder, check=False, timeout=SECONDS, preexec_fn=_bounded,
    )  # fmt: skip
    if done.returncode not in fine:
        tail = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or [""]
        raise RuntimeError(f"{' '.join(words[:3])}: exit status {done.returncode}: {tail[0][:300]}")
    return done.stdout


def _bounded() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def one(name: str) -> dict[str, Any]:
    """All that is shown of one model."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="applications-") as scratch:
        folder, here = Path(scratch), str(Path(__file__).resolve())
        original = _step(here, "save", name, folder)
        size = (folder / "model.keras").stat().st_size
        began = time.perf_counter()
        imported = json.loads(workbench("import", str(folder / "model.keras"), str(folder / "imported"), "--json"))
        import_s = time.perf_counter() - began
        (folder / "model.keras").unlink()
        checked = json.loads(workbench("check", str(folder / "imported"), "--json", fine=(0, 1)))
        rebuilt = _step(here, "rebuild", name, folder)
        written = script(folder, "imported", folder / "imported" / "weights.npz", _layers(folder), "expected.npy")
        place(name, original["shape"], folder)
        block_checked = json.loads(workbench("check", str(folder / "block"), "--json", fine=(0, 1)))
        block = script(folder, "block", folder / "weights.npz", {"net": "net"}, "expected_block.npy")
    return {
        "name": name,
        "shape": original["shape"],
        "nodes": len(imported["layers"]),
        "kept": len(imported["kept"]),
        "params": original["params"],
        "statistics": original["statistics"],
        "largest_answer": original["largest_answer"],
        "checked": {"params": checked["total_params"], "ok": checked["ok"]},
        "rebuilt": rebuilt,
        "script": written,
        "block_checked": {"params": block_checked["total_params"], "ok": block_checked["ok"]},
        "block_script": block,
        "file_mb": round(size / 2**20, 1),
        "import_s": round(import_s, 1),
        "all_s": round(time.perf_counter() - start, 1),
    }


def _step(here: str, step: str, name: str, folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run([here, "--step", step, name, str(folder)], ROOT).splitlines()[-1])
    return told


def _layers(folder: Path) -> dict[str, str]:
    """By the name of each layer in the script, what the import calls its weights: the node's id."""
    import numpy as np

    from workbench.codegen.names import layer_names
    from workbench.project import store

    names = layer_names(store.load(folder / "imported").graph)
    with np.load(folder / "imported" / store.WEIGHTS_FILE) as held:
        kept = {key.rpartition("/")[0] for key in held.files}
    return {names[node]: node for node in sorted(kept)}


def holds(result: dict[str, Any]) -> bool:
    """Whether a model is the same in every form."""
    if "failed" in result:
        return False
    forms = [result[form] for form in ("rebuilt", "script", "block_checked", "block_script")]
    counted = result["params"] - result["checked"]["params"]
    return (
        counted in (0, result.get("statistics", 0))
        and result["checked"]["ok"]
        and all(
            form["params"] == result["params"] and form.get("ok", True) and form.get("difference", 0.0) <= TOLERANCE
            for form in forms
        )
    )


def line(result: dict[str, Any]) -> str:
    """One row of the table."""
    if "failed" in result:
        return f"{result['name']:18} FAILED: {result['failed']}"
    differences = "".join(f" {result[form]['difference']:9.1e}" for form in ("rebuilt", "script", "block_script"))
    good = [result[form]["ok"] for form in ("checked", "block_checked")]
    size, lines = "×".join(map(str, result["shape"])), result["script"]["lines"]
    return (
        f"{result['name']:18} {size:>9} {result['nodes']:5} {result['kept']:4} {result['params']:11,} "
        f"{'ok' if all(good) else 'ERRORS':>6}{differences} {result['largest_answer']:9.1e} {lines:5} "
        f"{result['all_s']:6.0f}  {'ok' if holds(result) else 'DIFFERS'}"
    )


HEAD = (
    f"{'model':18} {'pictures':>9} {'nodes':>5} {'kept':>4} {'parameters':>11} {'check':>6} {'rebuilt':>9} "
    f"{'script':>9} {'block':>9} {'answer':>9} {'lines':>5} {'s':>6}"
)


def main() -> int:
    """Print a row for each model; 0 where all hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only models whose names hold one of these")
    parser.add_argument("--results", type=Path, help="a file of results to go on with")
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.step:
        step, name, folder = chosen.step
        print(json.dumps(save(name, Path(folder)) if step == "save" else rebuild(Path(folder))))
        return 0
    known: dict[str, dict[str, Any]] = {}
    if chosen.results and chosen.results.exists():
        told = map(json.loads, chosen.results.read_text(encoding="utf-8").splitlines())
        known = {entry["name"]: entry for entry in told}
    names = [name for name in MODELS if not chosen.words or any(word.lower() in name.lower() for word in chosen.words)]
    print(HEAD, flush=True)
    good = 0
    for name in names:
        result = known.get(name)
        if result is None or not holds(result):
            try:
                result = one(name)
            except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
                result = {"name": name, "failed": str(error)}
            if chosen.results:
                with chosen.results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(result) + "\n")
        good += holds(result)
        print(line(result), flush=True)
    print(f"{good} of {len(names)} models are the same in every form.")
    return 0 if good == len(names) else 1


if __name__ == "__main__":
    sys.exit(main())
