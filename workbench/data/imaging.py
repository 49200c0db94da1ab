"""Pictures as numbers: decoded, made grey and resized so exactly that a TensorFlow graph can do the same.

Decoding: JPEG (libjpeg-turbo, accurate DCT, fancy upsampling), PNG, BMP and GIF (first frame), told by their first
bytes and never by their name; the answer is uint8 RGB. EXIF rotation is ignored and alpha is dropped. 16-bit PNG keeps
the high byte. CMYK JPEG becomes (255-K)*(255-C)//255, the same for M and Y. Transparent GIF pixels are black, and the
first frame must fill the picture. BMP must have 24 or 32 bits a pixel, or 8 with a grey ramp.

Grey: (299 R + 587 G + 114 B + 500) // 1000 in whole numbers.

Resizing, only when the size differs: out = A_h @ image @ A_w^T a channel, in float64 so that the rounding falls the
same in an export. Each row of A holds triangle weights relu(1 - |((o + 0.5) s - 0.5 - i) / max(s, 1)|), s = in / out,
divided by their sum. Then floor(v + 0.501), kept in 0..255.
"""

from __future__ import annotations

import functools
import io
import struct
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from PIL import BmpImagePlugin, GifImagePlugin, ImageFile, JpegImagePlugin, PngImagePlugin

from workbench.data.work import Array

MAX_PIXELS = 50_000_000
SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".dib", ".gif"})
OTHER_PICTURES = frozenset(
    {".webp", ".tif", ".tiff", ".heic", ".heif", ".avif", ".svg", ".jp2", ".ico", ".ppm", ".pgm"}
)

_GREY_MODES = frozenset({"1", "L", "LA", "I", "I;16", "I;16B"})


class PictureError(ValueError):
    """A picture that cannot be used; its text completes "the file ..." ("is empty")."""


class PictureSize(NamedTuple):
    """What a picture's header tells. `grey` is True when its mode can hold no colour."""

    height: int
    width: int
    grey: bool


def _bmp(file: BinaryIO, head: bytes) -> ImageFile.ImageFile:
    if len(head) < 54:
        raise PictureError("is cut short")
    bits, compression = struct.unpack_from("<HI", head, 28)
    image = BmpImagePlugin.BmpImageFile(file)
    plain = compression == 0 or (
        compression == 3 and len(head) >= 66 and struct.unpack_from("<III", head, 54) == (0xFF0000, 0xFF00, 0xFF)
    )
    if not plain or not (bits in (24, 32) or (bits == 8 and image.mode == "L")):
        raise PictureError("is a BMP with a palette or packed colours, which exported models cannot read the same way")
    return image


def _gif_file(file: BinaryIO) -> ImageFile.ImageFile:
    image = GifImagePlugin.GifImageFile(file)
    if image.dispose_extent != (0, 0, *image.size):
        raise PictureError(
            "is a GIF whose first frame does not fill it, which exported models cannot read the same way"
        )
    return image


def _open(file: BinaryIO) -> ImageFile.ImageFile:
    head = file.read(66)
    file.seek(0)
    if not head:
        raise PictureError("is empty")
    try:
        if head.startswith(b"\xff\xd8\xff"):
            image: ImageFile.ImageFile = JpegImagePlugin.JpegImageFile(file)
        elif head.startswith(b"\x89PNG\r\n\x1a\n"):
            image = PngImagePlugin.PngImageFile(file)
        elif head.startswith((b"GIF87a", b"GIF89a")):
            image = _gif_file(file)
        elif head.startswith(b"BM"):
            image = _bmp(file, head)
        else:
            raise PictureError("is no JPEG, PNG, BMP or GIF")
    except PictureError:
        raise
    except Exception as error:
        # Pillow's readers raise many kinds on hostile bytes (OSError, SyntaxError, struct.error, ValueError...).
        raise PictureError("is damaged") from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PictureError(f"has {width} × {height} pixels, more than the {MAX_PIXELS // 1_000_000} million allowed")
    if width < 1 or height < 1:
        raise PictureError("has no pixels")
    return image


def measure(path: Path) -> PictureSize:
    """The size that a picture file's header tells, without decoding it.

    Raises:
        PictureError: It cannot be read, or is no usable picture.
    """
    try:
        with path.open("rb") as file:
            image = _open(file)
    except OSError as error:
        raise PictureError(f"cannot be read ({error.strerror})") from error
    return PictureSize(image.size[1], image.size[0], image.mode in _GREY_MODES)


def decode(data: bytes) -> Array:
    """A picture file's bytes as uint8 RGB of shape (height, width, 3).

    Raises:
        PictureError: The bytes are no usable picture.
    """
    image = _open(io.BytesIO(data))
    try:
        return _pixels(image)
    except Exception as error:
        raise PictureError("is damaged") from error


def decode_path(path: Path) -> Array:
    """The picture at `path` as uint8 RGB of shape (height, width, 3).

    Raises:
        PictureError: It cannot be read, or is no usable picture.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PictureError(f"cannot be read ({error.strerror})") from error
    return decode(data)


def _pixels(image: ImageFile.ImageFile) -> Array:
    image.load()
    if isinstance(image, GifImagePlugin.GifImageFile):
        return _gif(image)
    if image.mode == "CMYK":
        return _cmyk(image)
    if image.mode.startswith("I"):
        high = np.clip(np.asarray(image).astype(np.int64), 0, 65535) >> 8
        return np.repeat(high.astype(np.uint8)[:, :, None], 3, axis=2)
    image.info.pop("transparency", None)
    rgb: Array = np.asarray(image.convert("RGB"))
    return rgb


def _cmyk(image: ImageFile.ImageFile) -> Array:
    inks = np.asarray(image).astype(np.int32)
    if "adobe" not in image.info:
        # Pillow takes every four-colour JPEG for an inverted one; only Adobe's are.
        inks = 255 - inks
    rgb: Array = (255 - inks[:, :, 3:]) * (255 - inks[:, :, :3]) // 255
    return rgb.astype(np.uint8)


def _gif(image: GifImagePlugin.GifImageFile) -> Array:
    transparent = image.info.pop("transparency", None)
    indices = np.asarray(image)
    rgb = np.array(image.convert("RGB"))
    if isinstance(transparent, int) and image.mode in ("P", "L"):
        rgb[indices == transparent] = 0
    return rgb


def grey(image: Array) -> Array:
    """uint8 RGB (..., 3) as uint8 grey (..., 1)."""
    parts = image.astype(np.int32)
    mixed: Array = (299 * parts[..., 0] + 587 * parts[..., 1] + 114 * parts[..., 2] + 500) // 1000
    return mixed[..., None].astype(np.uint8)


@functools.lru_cache(maxsize=256)
def resize_weights(size_in: int, size_out: int) -> Array:
    """The float64 matrix (size_out, size_in) that resizes one axis."""
    scale = size_in / size_out
    centres = (np.arange(size_out)[:, None] + 0.5) * scale - 0.5
    weights: Array = np.maximum(0.0, 1.0 - np.abs(centres - np.arange(size_in)[None, :]) / max(scale, 1.0))
    weights = weights / weights.sum(axis=1, keepdims=True)
    weights.setflags(write=False)
    return weights


@functools.lru_cache(maxsize=256)
def _taps(size_in: int, size_out: int) -> tuple[tuple[Array, Array], ...]:
    """The same weights without their zeros: for each tap the places that it reads and their weights, a column."""
    weights = resize_weights(size_in, size_out)
    first = (weights > 0).argmax(axis=1)
    count = int((weights > 0).sum(axis=1).max())
    taps = []
    for number in range(count):
        places = np.minimum(first + number, size_in - 1)
        inside = first + number < size_in
        taps.append((places, np.where(inside, weights[np.arange(size_out), places], 0.0)[:, None]))
    return tuple(taps)


def _resize_rows(table: Array, size_out: int) -> Array:
    """A table (rows, columns) with another number of rows, as float64."""
    # A product of matrices would be mostly zeros, and its threads would fight those that read the files.
    total = np.zeros((size_out, table.shape[1]))
    for places, weights in _taps(len(table), size_out):
        total += table[places] * weights
    return total


def resize(image: Array, height: int, width: int) -> Array:
    """A uint8 picture (h, w, channels) at another size."""
    rows, columns, channels = image.shape
    if (rows, columns) == (height, width):
        return image
    tall = _resize_rows(image.reshape(rows, columns * channels), height).reshape(height, columns, channels)
    turned = tall.transpose(1, 0, 2).reshape(columns, height * channels)
    wide = _resize_rows(turned, width).reshape(width, height, channels).transpose(1, 0, 2)
    return np.clip(np.floor(wide + 0.501), 0, 255).astype(np.uint8)


def is_grey(image: Array) -> bool:
    """Whether an RGB picture holds no colour."""
    return bool((image[..., 0] == image[..., 1]).all() and (image[..., 1] == image[..., 2]).all())


def shrunk(image: Array, side: int) -> Array:
    """A picture no larger than `side`, its shape kept: for thumbnails."""
    factor = side / max(image.shape[:2])
    if factor >= 1:
        return image
    return resize(image, max(1, round(image.shape[0] * factor)), max(1, round(image.shape[1] * factor)))
