"""Folders of pictures: layouts, bad files, sizes and colours."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from tests.workbench.data.conftest import encoded, messages, noise
from workbench.core.cancel import CancelToken
from workbench.core.errors import Cancelled, DataError
from workbench.data.dataset import detect, open_dataset


def test_that_class_folders_become_classes(folder: Path) -> None:
    dataset = open_dataset(detect(folder))
    info = dataset.info
    assert (info.title, info.kind, info.task) == ("pets", "image", "classification")
    assert info.classes == ("cat", "dog")
    assert info.class_counts == (10, 10)
    assert info.input_shape == (12, 10, 3)
    assert info.problems == ()
    part = dataset.part("train")
    assert part.x.dtype == np.uint8
    assert part.y.dtype == np.int32
    for place, index in enumerate(part.index.tolist()):
        assert (part.x[place] == dataset.raw(index)).all()
        assert dataset.sample_name(index).startswith(str(dataset.label(index)))
        source = dataset.raw_source(index)
        assert source is not None
        assert source.is_file()


def test_that_opening_twice_gives_the_same(folder: Path) -> None:
    first, second = (open_dataset(detect(folder)) for _ in range(2))
    assert first.info == second.info
    for name in ("train", "validation", "test"):
        assert (first.part(name).index == second.part(name).index).all()
        assert (first.part(name).x == second.part(name).x).all()


def test_that_bad_files_are_named_and_left_out(folder: Path) -> None:
    (folder / "cat" / "empty.png").write_bytes(b"")
    (folder / "cat" / "words.jpg").write_text("these are words")
    (folder / "dog" / "cut.png").write_bytes(encoded(noise(40, 40))[:300])
    (folder / "dog" / "misnamed.jpg").write_bytes(encoded(noise(seed=7)))
    (folder / "dog" / "notes.txt").write_text("skip me")
    (folder / "dog" / "modern.webp").write_bytes(b"RIFF")
    (folder / "dog" / ".hidden.png").write_bytes(b"x")
    (folder / "loose.png").write_bytes(encoded(noise()))
    (folder / "bird").mkdir()
    dataset = open_dataset(detect(folder))
    assert dataset.info.class_counts == (10, 11)
    words = messages(dataset)
    for expected in (
        "1 file is empty: left out. cat/empty.png",
        "1 file is no JPEG, PNG, BMP or GIF: left out. cat/words.jpg",
        "1 file is damaged: left out. dog/cut.png",
        "1 file skipped: no pictures. dog/notes.txt",
        "1 picture of a kind that cannot be read: left out. dog/modern.webp",
        "1 picture outside the class folders: left out. loose.png",
        "'bird'",
    ):
        assert expected in words
    assert "misnamed" not in words
    assert "hidden" not in words


def test_that_a_given_test_part_is_honoured(tmp_path: Path) -> None:
    for part, count in (("train", 20), ("test", 6)):
        for name in ("a", "b"):
            (tmp_path / "set" / part / name).mkdir(parents=True)
            for number in range(count):
                data = encoded(noise(seed=zlib.crc32(f"{part}{name}{number}".encode())))
                (tmp_path / "set" / part / name / f"{number}.png").write_bytes(data)
    dataset = open_dataset(detect(tmp_path / "set"))
    assert dataset.info.classes == ("a", "b")
    assert {dataset.sample_name(int(index)).split("/")[0] for index in dataset.part("test").index} == {"test"}
    rest = {*dataset.part("train").index.tolist(), *dataset.part("validation").index.tolist()}
    assert {dataset.sample_name(index).split("/")[0] for index in rest} == {"train"}
    assert dataset.info.test_samples == 12
    assert dataset.info.train_samples + dataset.info.validation_samples == 40
    assert dataset.info.validation_samples == round(40 * 0.15 / 0.85)


def test_that_a_class_may_be_called_train(tmp_path: Path) -> None:
    for name in ("train", "bus"):
        (tmp_path / "traffic" / name).mkdir(parents=True)
        for number in range(5):
            (tmp_path / "traffic" / name / f"{number}.png").write_bytes(encoded(noise(seed=number)))
    assert open_dataset(detect(tmp_path / "traffic")).info.classes == ("bus", "train")


def test_that_mixed_sizes_get_one_and_it_is_said(folder: Path) -> None:
    (folder / "cat" / "large.jpg").write_bytes(encoded(noise(300, 200), "JPEG"))
    dataset = open_dataset(detect(folder))
    assert dataset.info.input_shape == (32, 32, 3)
    assert "from 10 × 12 to 200 × 300" in messages(dataset)
    large = next(i for i in range(dataset.info.samples) if "large" in dataset.sample_name(i))
    assert np.asarray(dataset.raw(large)).shape == (300, 200, 3)


def test_that_chosen_size_and_colour_are_used(folder: Path) -> None:
    spec = detect(folder).model_copy(update={"height": 6, "color": "grayscale"})
    dataset = open_dataset(spec)
    assert dataset.info.input_shape == (6, 5, 1)
    assert dataset.info.problems == ()


def test_that_pictures_without_colour_are_grey_even_when_stored_as_colour(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "grey" / name).mkdir(parents=True)
        for number in range(4):
            level = noise(channels=1, seed=number + 10 * ord(name))
            (tmp_path / "grey" / name / f"{number}.png").write_bytes(encoded(np.stack([level] * 3, axis=2)))
            (tmp_path / "grey" / name / f"{number}.bmp").write_bytes(encoded(level, "BMP"))
    assert open_dataset(detect(tmp_path / "grey")).info.input_shape == (12, 10, 1)


def test_that_large_pictures_of_one_size_are_made_smaller(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "large" / name).mkdir(parents=True)
        for number in range(3):
            (tmp_path / "large" / name / f"{number}.jpg").write_bytes(encoded(noise(150, 300, seed=number), "JPEG"))
    dataset = open_dataset(detect(tmp_path / "large"))
    assert dataset.info.input_shape == (48, 96, 3)
    assert "resized to 96 × 48" in messages(dataset)


def test_that_the_same_picture_in_two_parts_is_told(folder: Path) -> None:
    for path in (folder / "cat").iterdir():
        shutil.copy(path, folder / "cat" / f"copy_of_{path.name}")
    assert "also in the training part" in messages(open_dataset(detect(folder)))


@pytest.mark.parametrize(
    ("make", "received"),
    [
        (lambda root: None, "no JPEG, PNG, BMP or GIF"),
        (lambda root: (root / "one.png").write_bytes(encoded(noise())), "1 picture directly"),
        (lambda root: _file(root / "cat" / "one.tiff", b"II"), "only others"),
        (lambda root: _file(root / "cat" / "one.png", b""), "is empty"),
    ],
)
def test_that_a_folder_without_usable_pictures_says_what_it_needs(tmp_path: Path, make: object, received: str) -> None:
    root = tmp_path / "empty"
    root.mkdir()
    make(root)  # type: ignore[operator]
    with pytest.raises(DataError) as caught:
        open_dataset(detect(root))
    assert received in caught.value.received
    assert caught.value.hint


def _file(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(data)


def test_that_one_class_alone_is_an_error_that_stops_training(folder: Path) -> None:
    shutil.rmtree(folder / "dog")
    problem = open_dataset(detect(folder)).info.problems[0]
    assert problem.severity == "error"
    assert "only one class, 'cat'" in problem.message


def test_that_reading_can_be_cancelled_and_tells_how_far_it_is(folder: Path) -> None:
    token = CancelToken()
    told: list[float] = []

    def progress(fraction: float | None, words: str) -> None:
        if fraction is not None:
            told.append(fraction)

    open_dataset(detect(folder), progress=progress, cancel=token)
    assert told == sorted(told)
    assert told[-1] == 1.0
    token.stop()
    with pytest.raises(Cancelled):
        open_dataset(detect(folder), progress=progress, cancel=token)


def test_that_a_zip_of_class_folders_reads_like_the_folder(folder: Path, tmp_path: Path) -> None:
    packed = tmp_path / "pets.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.rglob("*.png")):
            archive.write(path, path.relative_to(folder.parent))
        archive.writestr("pets/run_me.sh", "echo never unpacked")
    plain, zipped = open_dataset(detect(folder)), open_dataset(detect(packed))
    assert zipped.spec.location == str(packed)
    assert zipped.info.model_copy(update={"title": "pets"}) == plain.info
    assert (zipped.part("test").x == plain.part("test").x).all()
    source = zipped.raw_source(0)
    assert source is not None
    assert not list(source.parents[2].rglob("*.sh"))
