"""Decoding and resizing by the rules that an export follows."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.workbench.data.conftest import encoded, noise
from workbench.data import imaging


@pytest.mark.parametrize("kind", ["PNG", "BMP"])
def test_that_a_lossless_picture_keeps_every_pixel(kind: str) -> None:
    image = noise()
    assert (imaging.decode(encoded(image, kind)) == image).all()


def test_that_alpha_is_dropped() -> None:
    image = noise(channels=4)
    assert (imaging.decode(encoded(image)) == image[:, :, :3]).all()


def test_that_a_sixteen_bit_picture_keeps_the_high_byte() -> None:
    deep = np.random.default_rng(1).integers(0, 65536, (5, 6)).astype(np.uint16)
    decoded = imaging.decode(encoded(deep))
    assert decoded.shape == (5, 6, 3)
    assert (decoded[:, :, 0] == deep >> 8).all()


def test_that_a_cmyk_picture_becomes_rgb_by_multiplying_the_inks() -> None:
    file = io.BytesIO()
    Image.fromarray(noise(16, 16)).convert("CMYK").save(file, "JPEG", quality=100)
    inks = 255 - np.asarray(Image.open(io.BytesIO(file.getvalue()))).astype(int)
    if "adobe" not in Image.open(io.BytesIO(file.getvalue())).info:
        inks = 255 - inks
    assert (imaging.decode(file.getvalue()) == inks[:, :, 3:] * inks[:, :, :3] // 255).all()


def test_that_an_animation_gives_its_first_frame_and_black_where_transparent() -> None:
    frames = [Image.fromarray(noise(seed=seed)).quantize(8) for seed in (1, 2)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], transparency=3)
    decoded = imaging.decode(file.getvalue())
    indices = np.asarray(frames[0])
    expected = np.asarray(frames[0].convert("RGB")).copy()
    expected[indices == 3] = 0
    assert (decoded == expected).all()


def test_that_a_picture_is_told_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "really_a_png.jpg"
    path.write_bytes(encoded(noise()))
    assert (imaging.decode_path(path) == noise()).all()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"some words, no picture", "is no JPEG, PNG, BMP or GIF"),
        (b"\x89PNG\r\n\x1a\nrubbish", "is damaged"),
        (b"BM123", "is cut short"),
        (b"\xff\xd8\xff\xe0 not a jpeg", "is damaged"),
        (b"GIF89a", "is damaged"),
    ],
)
def test_that_a_bad_picture_says_what_is_wrong_with_it(data: bytes, words: str) -> None:
    with pytest.raises(imaging.PictureError, match=words):
        imaging.decode(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP"])
def test_that_every_cut_of_a_picture_is_refused_or_read(kind: str) -> None:
    data = encoded(noise(20, 20), kind)
    for length in range(0, len(data), max(1, len(data) // 60)):
        try:
            assert imaging.decode(data[:length]).shape == (20, 20, 3)
        except imaging.PictureError:
            continue


def test_that_a_huge_picture_is_refused_by_its_header() -> None:
    data = bytearray(encoded(noise(4, 4)))
    data[16:24] = struct.pack(">II", 60_000, 60_000)
    with pytest.raises(imaging.PictureError, match=r"60000 × 60000 pixels|damaged"):
        imaging.decode(bytes(data))
    width, height = 10_000, 6_000
    bitmap = (
        b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, *[0] * 6)
    )
    with pytest.raises(imaging.PictureError, match="50 million"):
        imaging.decode(bitmap)


def test_that_a_bitmap_with_a_palette_is_refused() -> None:
    file = io.BytesIO()
    Image.fromarray(noise()).quantize(8).save(file, "BMP")
    with pytest.raises(imaging.PictureError, match="palette"):
        imaging.decode(file.getvalue())


def test_that_grey_keeps_what_is_grey_already() -> None:
    levels = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    assert (imaging.grey(levels)[..., 0] == np.arange(256)).all()
    assert imaging.grey(np.array([[[255, 0, 0]]], np.uint8)) == 76


def test_that_resizing_follows_the_stated_weights() -> None:
    image = noise(11, 7)
    height, width = 5, 9

    def weights(size_in: int, size_out: int) -> np.ndarray:
        scale = size_in / size_out
        rows = [
            [max(0.0, 1 - abs((out + 0.5) * scale - 0.5 - place) / max(scale, 1)) for place in range(size_in)]
            for out in range(size_out)
        ]
        return np.array(rows) / np.sum(rows, axis=1, keepdims=True)

    exact = np.einsum("oi,ijc,pj->opc", weights(11, height), image.astype(float), weights(7, width))
    assert (imaging.resize(image, height, width) == np.clip(np.floor(exact + 0.501), 0, 255)).all()


def test_that_an_even_picture_stays_even_at_any_size() -> None:
    image = np.full((13, 29, 3), 137, np.uint8)
    for size in ((1, 1), (7, 64), (100, 3)):
        assert (imaging.resize(image, *size) == 137).all()


def test_that_a_thumbnail_keeps_the_shape() -> None:
    assert imaging.shrunk(noise(100, 50), 20).shape == (20, 10, 3)
    assert imaging.shrunk(noise(8, 8), 20).shape == (8, 8, 3)
