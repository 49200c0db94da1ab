"""Every model of keras.applications, saved, imported to our drawing and built again from it.

    python tests/benchmarks/applications.py                     all, the smallest first
    python tests/benchmarks/applications.py MobileNet ResNet    those whose names hold one of these words
    python tests/benchmarks/applications.py --results F.jsonl   go on where F.jsonl ends

Each has a process of its own. Every weight is moved off its first value, so that nothing agrees by chance. The original
and the rebuilt model must have the same number of parameters, and answers that differ by at most 1e-5.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import apart

TOLERANCE = 1e-5
MEMORY = 48 * 2**30

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


def one(name: str) -> dict[str, Any]:
    """Save, import, build and compare one model."""
    import keras
    import numpy as np

    from workbench.engine.build import build_model
    from workbench.engine.check import check
    from workbench.importing import import_model
    from workbench.project.model import Project

    keras.utils.set_random_seed(1)
    model = getattr(keras.applications, name)(weights=None)
    draw = np.random.default_rng(0)
    for layer in model.layers:
        # What a Normalization learned becomes a setting of its node, so that it is left as it is.
        if not isinstance(layer, keras.layers.Normalization):
            layer.set_weights([_moved(weight, draw) for weight in layer.get_weights()])
    shape = [size or 64 for size in model.input_shape[1:]]
    sample = draw.random((1, *shape)).astype("float32")
    expected, params = model.predict(sample, verbose=0), model.count_params()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        size = path.stat().st_size
        keras.backend.clear_session()
        start = time.perf_counter()
        imported = import_model(path, into=Path(folder))
        imported_s = time.perf_counter() - start
        path.unlink()
        checked = check(Project(graph=imported.graph, info=imported.info))
        rebuilt = build_model(imported.graph, imported.info, weights=imported.weights)
        given = rebuilt.predict(sample, verbose=0)
    return {
        "name": name,
        "nodes": len(imported.graph.nodes),
        "kept": len(imported.kept),
        "reasons": imported.kept[:3],
        "params": params,
        "rebuilt_params": rebuilt.count_params(),
        "checked_params": checked.total_params,
        "check_ok": checked.ok,
        "difference": float(np.abs(given - expected).max()),
        "largest_answer": float(np.abs(expected).max()),
        "file_mb": round(size / 2**20, 1),
        "import_s": round(imported_s, 1),
    }


def _moved(weight: Any, draw: Any) -> Any:
    """A weight off its first value, and not so far that the answers saturate."""
    import numpy as np

    moved = weight * (1 + 0.1 * draw.random(weight.shape))
    return moved if np.any(weight) else moved + 0.02 * draw.standard_normal(weight.shape)


def line(result: dict[str, Any]) -> str:
    """One row of the table."""
    if "failed" in result:
        return f"{result['name']:20} FAILED: {result['failed']}"
    good = result["params"] == result["rebuilt_params"] and result["difference"] <= TOLERANCE
    return (
        f"{result['name']:20} {result['nodes']:6} {result['kept']:5} {result['params']:12,} "
        f"{result['rebuilt_params']:12,} {result['checked_params']:12,} {result['difference']:10.1e} "
        f"{result['largest_answer']:10.1e} {result['import_s']:7.1f}  {'ok' if good else 'DIFFERS'}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only models whose names hold one of these")
    parser.add_argument("--results", type=Path, help="a file of results to go on with")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        print(json.dumps(one(chosen.one)))
        return 0
    known = apart.known(chosen.results)
    names = [name for name in MODELS if not chosen.words or any(word.lower() in name.lower() for word in chosen.words)]
    print(f"{'model':20} {'nodes':>6} {'kept':>5} {'parameters':>12} {'rebuilt':>12} {'checked':>12} "
          f"{'difference':>10} {'answer':>10} {'seconds':>7}", flush=True)  # fmt: skip
    good = 0
    for name in names:
        result = known.get(name) or apart.in_own_process(__file__, name)
        if name not in known:
            apart.keep(chosen.results, result)
        text = line(result)
        good += text.endswith("  ok")
        print(text, flush=True)
    print(f"{good} of {len(names)} models come back the same.")
    return 0 if good == len(names) else 1


if __name__ == "__main__":
    sys.exit(main())
