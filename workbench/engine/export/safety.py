"""A look into a model file before Keras or TensorFlow is let at it: opening one can run what is in it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.core.errors import ExportError

_MEMBERS = frozenset({"metadata.json", "config.json", "model.weights.h5"})
_MOST_BYTES = 8 * 2**30
_MOST_CONFIG_BYTES = 64 * 2**20
_MOST_RATIO = 1000
_FREE_BYTES = 16 * 2**20
_UNSAFE_LAYERS = frozenset({"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"})
_UNSAFE_OPS = (
    "PyFunc",
    "ReadFile",
    "WriteFile",
    "MatchingFiles",
    "Dataset",
    "Reader",
    "TextFile",
    "Print",
    "DebugIdentity",
)


def check_keras_file(path: Path) -> None:
    """Look at a .keras file as a zip and at its configuration as JSON.

    Raises:
        ExportError: It is damaged, or holds what no model of ours does.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive.infolist())
            config = json.loads(archive.read("config.json"))
            classes = sorted(set(_foreign(config)))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, RecursionError) as error:
        raise ExportError(
            "A .keras file must be whole.", f"{path}: {error}", "Train or export it again, or restore it from a copy."
        ) from error
    if classes:
        raise _refused(path, ", ".join(classes[:5]))


def _check_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        name = member.filename
        known = name in _MEMBERS or (name.startswith("assets/") and ".." not in name.split("/"))
        if not known or (member.external_attr >> 16) & 0o170000 == 0o120000:
            raise _refused(path, name)
        bloated = member.file_size > _FREE_BYTES and member.file_size > _MOST_RATIO * max(member.compress_size, 1)
        if bloated or (name == "config.json" and member.file_size > _MOST_CONFIG_BYTES):
            raise _refused(path, f"{name} of {member.file_size:,} bytes")
    if len({member.filename for member in members}) != len(members) or sum(m.file_size for m in members) > _MOST_BYTES:
        raise _refused(path, "more than a model needs")


def _foreign(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        name, module = value.get("class_name"), value.get("module")
        if isinstance(name, str):
            built_in = module is None or module == "builtins" or str(module).split(".")[0] == "keras"
            if not built_in or name in _UNSAFE_LAYERS or ">" in str(value.get("registered_name")):
                yield f"{module}.{name}"
        for item in value.values():
            yield from _foreign(item)
    elif isinstance(value, list):
        for item in value:
            yield from _foreign(item)


def check_saved_model(folder: Path) -> None:
    """Read a SavedModel's graph without loading it and look for operations that reach out of the model.

    Raises:
        ExportError: It is damaged, or holds such an operation.
    """
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from tensorflow.core.protobuf import saved_model_pb2

    graph = saved_model_pb2.SavedModel()
    try:
        graph.ParseFromString((folder / "saved_model.pb").read_bytes())
    except (OSError, DecodeError) as error:
        raise ExportError("A SavedModel must be whole.", f"{folder}: {error}", "Export the model again.") from error
    ops = {
        node.op
        for meta in graph.meta_graphs
        for nodes in (meta.graph_def.node, *(function.node_def for function in meta.graph_def.library.function))
        for node in nodes
    }
    reaching = sorted(op for op in ops if any(part in op for part in _UNSAFE_OPS))
    if reaching:
        raise _refused(folder, ", ".join(reaching[:5]))


def _refused(path: Path, received: str) -> ExportError:
    return ExportError(
        f"{path} holds what a model of this program never does, so it is not opened.",
        received,
        "Opening a model can run what is in it: use exports that you made yourself.",
    )
