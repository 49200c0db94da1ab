import io
import json
import zipfile
from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf

from workbench.core.errors import ExportError
from workbench.engine.export.safety import check_keras_file, check_saved_model


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plain") / "m.keras"
    keras.Sequential([keras.Input((2,), name="in"), keras.layers.Dense(1, name="out")]).save(path)
    return path


def changed(plain: Path, path: Path, config: Any = None, added: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, json.dumps(config) if name == "config.json" and config is not None else data)
        for name, data in (added or {}).items():
            target.writestr(name, data)
    return path


def test_that_a_model_of_built_in_layers_passes(plain: Path) -> None:
    check_keras_file(plain)


@pytest.mark.parametrize(
    "config",
    [
        {"module": "keras.layers", "class_name": "Lambda", "config": {}},
        {"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "/x"}},
        {"module": "os", "class_name": "function", "config": "system"},
        {
            "module": "keras",
            "class_name": "Functional",
            "config": {"layers": [{"module": "evil", "class_name": "Dense"}]},
        },
        {"module": "keras.layers", "class_name": "Mine", "registered_name": "theirs>Mine"},
    ],
)
def test_that_foreign_code_is_refused_before_keras_sees_it(plain: Path, tmp_path: Path, config: Any) -> None:
    with pytest.raises(ExportError, match="so it is not opened"):
        check_keras_file(changed(plain, tmp_path / "m.keras", config))


@pytest.mark.parametrize("name", ["../evil", "assets/../../evil", "run.py", "/etc/passwd"])
def test_that_a_file_that_does_not_belong_is_refused(plain: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match="so it is not opened"):
        check_keras_file(changed(plain, tmp_path / "m.keras", added={name: b""}))


def test_that_a_bomb_is_refused(plain: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="bytes"):
        check_keras_file(changed(plain, tmp_path / "m.keras", added={"assets/zeros": bytes(40 * 2**20)}))


def test_that_a_file_cut_short_is_told(plain: Path, tmp_path: Path) -> None:
    (tmp_path / "m.keras").write_bytes(plain.read_bytes()[:-200])
    with pytest.raises(ExportError, match="must be whole"):
        check_keras_file(tmp_path / "m.keras")
    (tmp_path / "n.keras").write_bytes(changed(plain, tmp_path / "o.keras", config=1).read_bytes())
    deep = io.BytesIO()
    with zipfile.ZipFile(deep, "w") as archive:
        archive.writestr("config.json", "[" * 100_000)
    (tmp_path / "p.keras").write_bytes(deep.getvalue())
    with pytest.raises(ExportError, match="must be whole"):
        check_keras_file(tmp_path / "p.keras")


def test_that_a_saved_model_that_reads_files_is_refused_without_loading_it(tmp_path: Path) -> None:
    module = tf.Module()
    module.read = tf.function(tf.io.read_file, input_signature=[tf.TensorSpec((), tf.string)])
    tf.saved_model.save(module, str(tmp_path / "reads"))
    with pytest.raises(ExportError, match="ReadFile"):
        check_saved_model(tmp_path / "reads")
    module = tf.Module()
    module.double = tf.function(lambda x: 2 * x, input_signature=[tf.TensorSpec((), tf.float32)])
    tf.saved_model.save(module, str(tmp_path / "plain"))
    check_saved_model(tmp_path / "plain")


def test_that_a_damaged_saved_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "saved_model.pb").write_bytes(b"\xff\xff\xff")
    with pytest.raises(ExportError, match="must be whole"):
        check_saved_model(tmp_path)
