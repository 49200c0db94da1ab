"""Files that want to do harm, or are none: made by hand, so that no Keras is needed to make them."""

from __future__ import annotations

import copy
import io
import json
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

Config = dict[str, Any]


def layer(kind: str, module: str | None = "keras.layers", **config: Any) -> Config:
    return {"module": module, "class_name": kind, "config": {"name": kind.lower(), **config}, "registered_name": None}


def sequential(*layers: Config) -> Config:
    entry = layer("InputLayer", batch_shape=[None, 8], dtype="float32")
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "model", "trainable": True, "layers": [entry, *layers], "build_input_shape": [None, 8]},
        "registered_name": None,
    }


def tensor(name: str, call: int = 0) -> Config:
    history = {"shape": [None, 8], "dtype": "float32", "keras_history": [name, call, 0]}
    return {"class_name": "__keras_tensor__", "config": history}


def functional(*layers: tuple[Config, str]) -> Config:
    """Layers, each fed by the one that is named."""
    made = [{**layer("InputLayer", batch_shape=[None, 8]), "name": "inputlayer", "inbound_nodes": []}]
    for one, source in layers:
        call = {"args": [tensor(source)], "kwargs": {}}
        made.append({**one, "name": one["config"]["name"], "inbound_nodes": [call]})
    last = made[-1]["name"]
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": "model",
            "layers": made,
            "input_layers": [["inputlayer", 0, 0]],
            "output_layers": [[last, 0, 0]],
        },
        "registered_name": None,
    }


DENSE = layer("Dense", units=4, activation="linear", use_bias=True)
GOOD = sequential(DENSE)


def weights(make: Callable[[h5py.File], None] | None = None) -> bytes:
    held = io.BytesIO()
    with h5py.File(held, "w") as file:
        group = file.create_group("layers/dense/vars")
        group["0"], group["1"] = np.ones((8, 4), "float32"), np.zeros(4, "float32")
        if make is not None:
            make(file)
    return held.getvalue()


def packed(path: Path, config: Config | bytes | str = GOOD, **extra: bytes) -> None:
    """A .keras file; `extra` members are named with __ for / and _dot_ for a point."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr("config.json", config if isinstance(config, bytes | str) else json.dumps(config))
        archive.writestr("model.weights.h5", weights())
        for name, data in extra.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)


def members(path: Path, *infos: tuple[zipfile.ZipInfo | str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", json.dumps(GOOD))
        for info, data in infos:
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)


def linked(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    return info


def with_weights(path: Path, make: Callable[[h5py.File], None]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(GOOD))
        archive.writestr("model.weights.h5", weights(make))


def legacy(path: Path, config: Config | str | None, make: Callable[[h5py.File], None] | None = None) -> None:
    path.write_bytes(weights(make))
    if config is not None:
        with h5py.File(path, "a") as file:
            file.attrs["model_config"] = config if isinstance(config, str) else json.dumps(config)


def _external(file: h5py.File) -> None:
    file["layers/dense/vars/2"] = h5py.ExternalLink("secrets.h5", "/data")


def _soft(file: h5py.File) -> None:
    file["layers/dense/vars/2"] = h5py.SoftLink("/layers/dense/vars/0")


def _twice(file: h5py.File) -> None:
    file["layers/again"] = file["layers"]


def _huge(file: h5py.File) -> None:
    file.create_dataset("layers/dense/vars/2", shape=(2**20, 2**11), chunks=(64, 64), dtype="float32")


def _external_data(file: h5py.File) -> None:
    file.create_dataset("layers/dense/vars/2", (4,), "uint8", external=[("/etc/hostname", 0, 4)])


def _virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4,), "float32")
    layout[:] = h5py.VirtualSource("secrets.h5", "data", (4,))
    file.create_virtual_dataset("layers/dense/vars/2", layout)


def _type(file: h5py.File) -> None:
    file["layers/dense/vars/2"] = np.dtype("float32")


def _deep(depth: int) -> str:
    return json.dumps(GOOD)[:-1] + ', "x": ' + "[" * depth + "]" * depth + "}"


def _twice_in_json() -> str:
    return json.dumps(GOOD).replace('"units": 4', '"units": 4, "units": 4', 1)


def _value(**changed: Any) -> Config:
    return sequential(layer("Dense", **{**DENSE["config"], **changed}))


def _truncated(path: Path) -> None:
    packed(path)
    path.write_bytes(path.read_bytes()[:-200])


def _lying_size(path: Path) -> None:
    """A member that unpacks to more than the zip's directory says."""
    packed(path, **{"assets__a": b"\0" * 4096})
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\x01\x02", 0, data.index(b"assets/a", data.index(b"PK\x01\x02")))
    struct.pack_into("<I", data, place + 24, 16)
    where = data.index(b"config.json", data.index(b"PK\x01\x02")) - 46
    struct.pack_into("<I", data, where + 24, 1)
    path.write_bytes(data)


def _locked(path: Path) -> None:
    packed(path)
    data = bytearray(path.read_bytes())
    for place in range(len(data) - 4):
        if data[place : place + 4] == b"PK\x01\x02":
            data[place + 8] |= 1
    path.write_bytes(data)


def _lambda(code: Any) -> Config:
    return sequential(layer("Lambda", function=code))


_CODE = {"class_name": "__lambda__", "config": {"value": ["4wEAAAA=", None, None]}}
_SYSTEM = {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}
_NESTED = {
    **copy.deepcopy(GOOD),
    "config": {**GOOD["config"], "name": "inner", "layers": [layer("TFSMLayer", filepath="x")]},
}

HOSTILE: dict[str, Callable[[Path], None]] = {
    "lambda.keras": lambda p: packed(p, _lambda(_CODE)),
    "lambda_by_name.keras": lambda p: packed(p, _lambda("os.system")),
    "lambda_as_activation.keras": lambda p: packed(p, _value(activation=_CODE)),
    "lambda.h5": lambda p: legacy(p, sequential(layer("Lambda", None, function=["4wEA", None, None]))),
    "lambda.json": lambda p: p.write_text(json.dumps(_lambda(_CODE)), "utf-8"),
    "module_os.keras": lambda p: packed(p, sequential(layer("system", "os"))),
    "function_os.keras": lambda p: packed(p, _value(activation=_SYSTEM)),
    "function_eval.keras": lambda p: packed(p, _value(activation={**_SYSTEM, "module": "builtins", "config": "eval"})),
    "function_get_file.keras": lambda p: packed(
        p, _value(activation={**_SYSTEM, "module": "keras.utils", "config": "get_file"})
    ),
    "load_model_as_layer.keras": lambda p: packed(p, sequential(layer("load_model", "keras.models"))),
    "own_class.keras": lambda p: packed(p, sequential({**layer("Mine", "mine"), "registered_name": "mine>Mine"})),
    "disguised_class.keras": lambda p: packed(p, sequential({**DENSE, "registered_name": "mine>Dense"})),
    "keras_internals.keras": lambda p: packed(p, sequential(layer("FileEditor", "keras.src.saving.file_editor"))),
    "operation_that_calls.keras": lambda p: packed(p, functional((layer("Map", "keras.src.ops.core"), "inputlayer"))),
    "tfsm_inside.keras": lambda p: packed(p, sequential(_NESTED)),
    "torch.keras": lambda p: packed(p, sequential(layer("TorchModuleWrapper", module="AAAA"))),
    "vocabulary_file.keras": lambda p: packed(p, sequential(layer("StringLookup", vocabulary="/etc/passwd"))),
    "optimizer_as_layer.keras": lambda p: packed(p, sequential(layer("Adam", "keras.optimizers"))),
    "no_model.keras": lambda p: packed(p, DENSE),
    "list.json": lambda p: p.write_text("[1, 2]", "utf-8"),
    "no_class.json": lambda p: p.write_text("{}", "utf-8"),
    "units.keras": lambda p: packed(p, _value(units=2_000_000_000)),
    "units_below_the_limit.keras": lambda p: packed(p, _value(units=9_000_000)),
    "stack_of_wide_layers.json": lambda p: p.write_text(
        json.dumps(sequential(*(layer("Dense", units=100_000) for _ in range(3)))), "utf-8"
    ),
    "embedding.json": lambda p: p.write_text(
        json.dumps(sequential(layer("Embedding", input_dim=9_000_000, output_dim=9_000_000))), "utf-8"
    ),
    "kernel.keras": lambda p: packed(p, sequential(layer("Conv2D", filters=8, kernel_size=[10**9, 10**9]))),
    "batch_shape.keras": lambda p: packed(p, sequential(layer("InputLayer", batch_shape=[None, 10**12]))),
    "nan.keras": lambda p: packed(p, json.dumps(_value(rate=float("nan")))),
    "infinity.json": lambda p: p.write_text(json.dumps(_value(rate=float("inf"))), "utf-8"),
    "huge_float.json": lambda p: p.write_text(
        json.dumps(GOOD).replace('"units": 4', '"units": 4, "rate": 1e999'), "utf-8"
    ),
    "digits.json": lambda p: p.write_text(json.dumps(GOOD).replace('"units": 4', '"units": ' + "9" * 5000), "utf-8"),
    "nested_3000.keras": lambda p: packed(p, _deep(3000)),
    "nested_100000.json": lambda p: p.write_text(_deep(100_000), "utf-8"),
    "nested_200.json": lambda p: p.write_text(_deep(200), "utf-8"),
    "key_twice.keras": lambda p: packed(p, _twice_in_json()),
    "not_utf8.keras": lambda p: packed(p, b'{"class_name": "\xff\xfe"}'),
    "cut_json.keras": lambda p: packed(p, json.dumps(GOOD)[:-20]),
    "circle.keras": lambda p: packed(
        p, functional((layer("Dense", units=8), "activation"), (layer("Activation", activation="relu"), "dense"))
    ),
    "missing_source.keras": lambda p: packed(p, functional((layer("Dense", units=8), "nowhere"))),
    "two_of_one_name.keras": lambda p: packed(p, functional((DENSE, "inputlayer"), (DENSE, "inputlayer"))),
    "traversal.keras": lambda p: members(p, ("../../evil.py", b"x")),
    "traversal_in_assets.keras": lambda p: members(p, ("assets/../../evil.py", b"x")),
    "absolute.keras": lambda p: members(p, ("/etc/cron.d/evil", b"x")),
    "drive.keras": lambda p: members(p, ("assets/C:evil", b"x")),
    "stranger_member.keras": lambda p: members(p, ("setup.py", b"x")),
    "pickle_member.keras": lambda p: members(p, ("model.pkl", b"x")),
    "symlink.keras": lambda p: members(p, (linked("model.weights.h5", stat.S_IFLNK), b"/etc/passwd")),
    "symlink_in_assets.keras": lambda p: members(p, (linked("assets/a", stat.S_IFLNK), b"/etc/passwd")),
    "device.keras": lambda p: members(p, (linked("assets/a", stat.S_IFCHR), b"")),
    "zip_bomb.keras": lambda p: members(p, ("model.weights.h5", b"\0" * (64 << 20))),
    "bomb_in_assets.keras": lambda p: members(p, ("assets/a", b"\0" * (64 << 20))),
    "many_members.keras": lambda p: members(p, *((f"assets/{n}", b"") for n in range(10_001))),
    "no_config.keras": lambda p: zipfile.ZipFile(p, "w").writestr("model.weights.h5", weights()),
    "truncated.keras": _truncated,
    "lying_size.keras": _lying_size,
    "locked.keras": _locked,
    "not_a_zip.keras": lambda p: p.write_bytes(b"MZ" + bytes(range(256))),
    "empty.keras": lambda p: p.write_bytes(b""),
    "pickle.h5": lambda p: p.write_bytes(b"\x80\x04\x95\x10\x00\x00\x00"),
    "external_link.keras": lambda p: with_weights(p, _external),
    "soft_link.keras": lambda p: with_weights(p, _soft),
    "hard_link_twice.keras": lambda p: with_weights(p, _twice),
    "huge_shape.keras": lambda p: with_weights(p, _huge),
    "external_data.keras": lambda p: with_weights(p, _external_data),
    "virtual_data.keras": lambda p: with_weights(p, _virtual),
    "named_type.keras": lambda p: with_weights(p, _type),
    "weights_no_hdf5.keras": lambda p: members(p, ("model.weights.h5", b"no HDF5 at all")),
    "weights_cut.keras": lambda p: members(p, ("model.weights.h5", weights()[:600])),
    "external_link.h5": lambda p: legacy(p, GOOD, _external),
    "huge_shape.h5": lambda p: legacy(p, GOOD, _huge),
    "weights_only.h5": lambda p: legacy(p, None),
    "truncated.h5": lambda p: p.write_bytes(weights()[:300]),
    "module_os.h5": lambda p: legacy(p, sequential(layer("system", "os"))),
}
