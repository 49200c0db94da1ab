"""Folders of pictures, one folder a class; also parted beforehand: train/<class>, test/<class>."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core.errors import DataError
from workbench.core.files import read_failed
from workbench.data import imaging
from workbench.data.encode import encode_image
from workbench.data.findings import counted, listed, problem
from workbench.data.memory import check_room
from workbench.data.pictures import Pictures, preparation
from workbench.data.samples import Gathered
from workbench.data.spec import DataProblem, DatasetSpec, ImagePreparation
from workbench.data.split import NONE_GIVEN, TEST, TRAIN, VALIDATION
from workbench.data.target import named_classes, natural
from workbench.data.work import Array, Work

PART_FOLDERS = {
    **dict.fromkeys(("train", "training", "trn"), TRAIN),
    **dict.fromkeys(("val", "valid", "validation", "dev"), VALIDATION),
    **dict.fromkeys(("test", "testing", "tst"), TEST),
}
LARGEST_KEPT = 160
LARGEST_MIXED = 96
SMALLEST_MIXED = 32
_HEADER_SHARE = 0.3
_CHUNK = 64
_GREY_LOOK = 64
_UNSEEN = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


@dataclass
class _Found:
    """What a walk through the folders found."""

    files: list[Path] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)


def _entries(folder: Path) -> tuple[list[Path], list[Path]]:
    try:
        inside = sorted(folder.iterdir(), key=lambda path: natural(path.name))
    except OSError as error:
        raise read_failed(folder, error) from error
    seen = [path for path in inside if not path.name.startswith(".") and path.name.lower() not in _UNSEEN]
    return [path for path in seen if path.is_dir()], [path for path in seen if not path.is_dir()]


def _has_pictures(folder: Path) -> bool:
    return any(Path(name).suffix.lower() in imaging.SUFFIXES for _, _, names in os.walk(folder) for name in names)


def _walk(root: Path, work: Work) -> _Found:
    found = _Found()
    while True:
        folders, files = _entries(root)
        pictures = [path.name for path in files if path.suffix.lower() in imaging.SUFFIXES]
        inner = [path for path in folders if _has_pictures(path)]
        wraps = len(inner) == 1 and not pictures and any(map(_has_pictures, _entries(inner[0])[0]))
        if not wraps:
            break
        root = inner[0]
    found.loose = pictures
    parts = {path: PART_FOLDERS[path.name.lower()] for path in inner if path.name.lower() in PART_FOLDERS}
    if not any(part == TRAIN and _has_classes(path) for path, part in parts.items()):
        parts = {root: NONE_GIVEN}
    else:
        found.empty = [path.name for path in inner if path not in parts]
    for group, part in parts.items():
        classes, files = _entries(group)
        if part != NONE_GIVEN:
            outside = [path for path in files if path.suffix.lower() in imaging.SUFFIXES]
            found.loose += [f"{group.name}/{path.name}" for path in outside]
        for folder in classes:
            work.tell(None, f"Looking through {folder.name}")
            _collect(folder, folder.name, part, found)
    return found


def _has_classes(folder: Path) -> bool:
    return any(_has_pictures(inner) for inner in _entries(folder)[0])


def _collect(folder: Path, label: str, part: int, found: _Found) -> None:
    before = len(found.files)
    for place, folders, names in os.walk(folder):
        folders[:] = sorted((name for name in folders if not name.startswith(".")), key=natural)
        for name in sorted(names, key=natural):
            if name.startswith(".") or name.lower() in _UNSEEN:
                continue
            path, suffix = Path(place, name), Path(name).suffix.lower()
            if suffix in imaging.SUFFIXES:
                found.files.append(path)
                found.labels.append(label)
                found.parts.append(part)
            else:
                (found.foreign if suffix in imaging.OTHER_PICTURES else found.skipped).append(f"{label}/{name}")
    if len(found.files) == before:
        found.empty.append(label)


class _Pool:
    """Work on many files by a few threads, in order, with progress and cancel."""

    def __init__(self, files: Sequence[Path], work: Work) -> None:
        self._files = files
        self._work = work

    def each(self, job: Callable[[int], Any], words: str, start: float, share: float) -> list[Any]:
        """`job(number)` of every file; its answer, or the PictureError that it raised."""

        def chunk(first: int) -> list[Any]:
            answers: list[Any] = []
            for number in range(first, min(first + _CHUNK, len(self._files))):
                try:
                    answers.append(job(number))
                except imaging.PictureError as error:
                    answers.append(error)
            return answers

        results: list[Any] = []
        with ThreadPoolExecutor(max_workers=min(8, (os.cpu_count() or 1) + 1), thread_name_prefix="pictures") as pool:
            chunks: list[Future[list[Any]]] = [
                pool.submit(chunk, first) for first in range(0, len(self._files), _CHUNK)
            ]
            try:
                for future in chunks:
                    results.extend(future.result())
                    self._work.tell(start + share * len(results) / len(self._files), words)
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return results


def gather(spec: DatasetSpec, root: Path, title: str, work: Work) -> Gathered:
    """Read a folder of pictures.

    Raises:
        DataError: It holds no usable pictures in class folders.
    """
    found = _walk(root, work)
    if not found.files:
        raise _nothing(root, found)
    sizes = _Pool(found.files, work).each(
        lambda number: imaging.measure(found.files[number]), "Measuring", 0.0, _HEADER_SHARE
    )
    usable = [size for size in sizes if isinstance(size, imaging.PictureSize)]
    if not usable:
        raise DataError(
            "The folder must hold usable pictures.",
            f"{counted(len(sizes), 'file')}, of which the first {sizes[0]}",
            "Save them anew as PNG or JPEG.",
        )
    height, width = _size(usable)
    prep = preparation(spec, height, width, grey=_is_grey(found.files, sizes))
    needed = len(usable) * prep.height * prep.width * prep.channels
    hint = "Set a smaller height and width, or grey instead of colour."
    check_room(needed, f"pictures at {prep.width} × {prep.height}", hint)
    pixels = np.empty((len(sizes), prep.height, prep.width, prep.channels), np.uint8)
    kept, failures = _decode(found, sizes, prep, pixels, work)
    problems = _problems(root, found, failures, usable, prep, chosen=bool(spec.height or spec.width))
    if not kept.all():
        pixels = pixels[kept]
    numbers = np.flatnonzero(kept).tolist()
    classes = sorted({found.labels[number] for number in numbers}, key=natural)
    places = {name: place for place, name in enumerate(classes)}
    ids = np.array([places[found.labels[number]] for number in numbers], np.int32)
    parts = np.array([found.parts[number] for number in numbers], np.int8)
    files = [found.files[number] for number in numbers]
    names = [file.relative_to(root).as_posix() for file in files]
    samples = Pictures(prep, pixels, names, files)
    given = parts if (parts != NONE_GIVEN).any() else None
    return Gathered(title, samples, named_classes("class", ids, classes), given, problems)


def _nothing(root: Path, found: _Found) -> DataError:
    if found.loose:
        return DataError(
            "Pictures must lie in one folder a class.",
            f"{counted(len(found.loose), 'picture')} directly in {root}",
            "Make a folder for each class and move its pictures there.",
        )
    if found.foreign:
        return DataError(
            "Pictures must be JPEG, PNG, BMP or GIF.",
            f"only others, such as {found.foreign[0]}",
            "Convert them to PNG.",
        )
    return DataError(
        "The folder must hold one folder of pictures a class.",
        f"no JPEG, PNG, BMP or GIF in {root}",
        "Choose the folder that holds the class folders; for a table or arrays choose the file itself.",
    )


def _size(sizes: list[imaging.PictureSize]) -> tuple[int, int]:
    shapes = {(size.height, size.width) for size in sizes}
    if len(shapes) == 1:
        height, width = shapes.pop()
        if max(height, width) <= LARGEST_KEPT:
            return height, width
        factor = LARGEST_MIXED / max(height, width)
        return max(1, round(height * factor)), max(1, round(width * factor))
    middle = float(np.median([min(size.height, size.width) for size in sizes]))
    side = int(min(max(round(middle / 8) * 8, SMALLEST_MIXED), LARGEST_MIXED))
    return side, side


def _is_grey(files: list[Path], sizes: list[Any]) -> bool:
    colour = [
        path for path, size in zip(files, sizes, strict=True) if isinstance(size, imaging.PictureSize) and not size.grey
    ]
    for path in colour[:: max(1, len(colour) // _GREY_LOOK)]:
        try:
            if not imaging.is_grey(imaging.decode_path(path)):
                return False
        except imaging.PictureError:
            continue
    return True


def _decode(
    found: _Found, sizes: list[Any], prep: ImagePreparation, pixels: Array, work: Work
) -> tuple[Array, list[tuple[Path, str]]]:
    def job(number: int) -> None:
        if isinstance(sizes[number], imaging.PictureError):
            raise sizes[number]
        pixels[number] = encode_image(prep, imaging.decode_path(found.files[number]))

    answers = _Pool(found.files, work).each(job, "Reading pictures", _HEADER_SHARE, 1 - _HEADER_SHARE)
    kept = np.array([answer is None for answer in answers], bool)
    failures = [(path, str(answer)) for path, answer in zip(found.files, answers, strict=True) if answer is not None]
    if not kept.any():
        raise DataError(
            "The folder must hold usable pictures.", f"{failures[0][0]} {failures[0][1]}", "Save them anew."
        )
    return kept, failures


def _problems(
    root: Path,
    found: _Found,
    failures: list[tuple[Path, str]],
    sizes: list[imaging.PictureSize],
    prep: ImagePreparation,
    *,
    chosen: bool,
) -> list[DataProblem]:
    problems: list[DataProblem] = []
    for reason, number in Counter(reason for _, reason in failures).most_common(8):
        names = [path.relative_to(root).as_posix() for path, why in failures if why == reason]
        message = f"{counted(number, 'file')} {reason if number == 1 else _plural(reason)}: left out."
        problems.append(problem(message, "Save them anew as PNG or JPEG, or remove them.", names))
    if found.foreign:
        message = f"{counted(len(found.foreign), 'picture')} of a kind that cannot be read: left out."
        problems.append(problem(message, "Convert them to PNG or JPEG.", found.foreign))
    if found.skipped:
        problems.append(problem(f"{counted(len(found.skipped), 'file')} skipped: no pictures.", "", found.skipped))
    if found.loose:
        message = f"{counted(len(found.loose), 'picture')} outside the class folders: left out."
        problems.append(problem(message, "Move each into the folder of its class.", found.loose))
    if found.empty:
        message = f"No pictures of a class in {listed(found.empty)}: left out."
        problems.append(problem(message, "Add some, or ignore this.", found.empty))
    shapes = {(size.height, size.width) for size in sizes}
    if len(shapes) > 1 and not chosen:
        smallest, largest = min(shapes), max(shapes)
        message = (
            f"Pictures differ in size (from {smallest[1]} × {smallest[0]} to {largest[1]} × {largest[0]}): "
            f"all are resized to {prep.width} × {prep.height}."
        )
        problems.append(problem(message, "Set another height and width if details get lost."))
    elif (prep.height, prep.width) not in shapes and not chosen:
        height, width = next(iter(shapes))
        message = (
            f"Pictures are {width} × {height}: resized to {prep.width} × {prep.height} so that training stays fast."
        )
        problems.append(problem(message, "Set another height and width if details get lost."))
    return problems


def _plural(reason: str) -> str:
    for one, many in (("is ", "are "), ("has ", "have "), ("cannot ", "cannot ")):
        if reason.startswith(one):
            return many + reason.removeprefix(one)
    return reason
