import json
from pathlib import Path

import pytest

from workbench.catalog.formats import FORMATS, FormatSpec, format_spec
from workbench.core.errors import ExportError
from workbench.engine.export import destination, manifest


def spec(name: str) -> FormatSpec:
    found = format_spec(name)
    assert found is not None
    return found


def old_export(folder: Path) -> Path:
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(b"old")
    files = {"saved_model.pb": {"size": 3, "sha256": ""}}
    (folder / manifest.FILE).write_text(json.dumps({"made_by": manifest.MAKER, "files": files}))
    return folder


def test_that_a_new_and_an_empty_folder_are_taken(tmp_path: Path) -> None:
    assert destination.checked(tmp_path, spec("saved_model")) == tmp_path
    assert destination.checked(tmp_path / "new", spec("saved_model")) == tmp_path / "new"


def test_that_an_earlier_export_is_replaced_whole(tmp_path: Path) -> None:
    out = destination.checked(old_export(tmp_path / "m"), spec("saved_model"))
    with destination.placed(out, spec("saved_model")) as place:
        (place / "new").write_text("new")
    assert [path.name for path in out.iterdir()] == ["new"]


def test_that_an_earlier_export_stays_when_the_new_one_breaks(tmp_path: Path) -> None:
    out = old_export(tmp_path / "m")
    with pytest.raises(ExportError), destination.placed(out, spec("saved_model")) as place:
        (place / "half").write_text("half")
        raise ExportError("It broke.")
    assert (out / "saved_model.pb").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


def test_that_a_folder_of_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ExportError, match="holds other files"):
        destination.checked(tmp_path, spec("saved_model"))


def test_that_an_export_to_which_someone_added_files_is_refused(tmp_path: Path) -> None:
    (old_export(tmp_path / "m") / "notes.txt").write_text("mine")
    with pytest.raises(ExportError, match=r"notes\.txt"):
        destination.checked(tmp_path / "m", spec("saved_model"))


def test_that_a_file_where_a_folder_goes_is_refused_and_the_other_way_round(tmp_path: Path) -> None:
    (tmp_path / "m").write_text("a file")
    (tmp_path / "n.keras").mkdir()
    with pytest.raises(ExportError, match="is a file"):
        destination.checked(tmp_path / "m", spec("saved_model"))
    with pytest.raises(ExportError, match="is a folder"):
        destination.checked(tmp_path / "n.keras", spec("keras"))


def test_that_a_keras_file_of_someone_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.keras").write_bytes(b"theirs")
    with pytest.raises(ExportError, match="something else"):
        destination.checked(tmp_path / "m.keras", spec("keras"))


def test_that_the_suffix_is_added_where_it_lacks(tmp_path: Path) -> None:
    assert destination.checked(tmp_path / "m.v2", spec("keras")).name == "m.v2.keras"


def test_that_each_format_is_described() -> None:
    assert [known.name for known in FORMATS] == ["saved_model", "keras"]
    assert all(known.title and known.doc and known.limits for known in FORMATS)
    assert format_spec("onnx?") is None
