import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import ExifTags, Image

from workbench.data import encode, imaging
from workbench.data.spec import ClassTarget, ImagePreparation, Preparation
from workbench.engine.export import decode, pictures


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def file(image: Image.Image, kind: str, **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


SMOOTH = Image.fromarray(noise(5, 7)).resize((61, 43), Image.Resampling.BICUBIC)
ROUGH = Image.fromarray(noise(43, 61))
DEEP = Image.fromarray((np.arange(43 * 61).reshape(43, 61) * 25 % 65536).astype(np.uint16))
TURNED = Image.Exif()
TURNED[ExifTags.Base.Orientation] = 6

FILES = {
    **{
        f"jpeg {name} quality {quality} subsampling {subsampling} progressive {progressive}": file(
            image, "JPEG", quality=quality, subsampling=subsampling, progressive=progressive
        )
        for name, image in (("smooth", SMOOTH), ("rough", ROUGH))
        for quality in (35, 90)
        for subsampling in (0, 1, 2)
        for progressive in (False, True)
    },
    "grey jpeg": file(SMOOTH.convert("L"), "JPEG"),
    "cmyk jpeg": file(SMOOTH.convert("CMYK"), "JPEG"),
    "rotated by exif": file(SMOOTH, "JPEG", exif=TURNED),
    **{f"png {mode}": file(SMOOTH.convert(mode), "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA")},
    "png of 16 bits": file(DEEP, "PNG"),
    "png with a see-through colour": file(SMOOTH.convert("P"), "PNG", transparency=3),
    "png of four colours": file(SMOOTH.quantize(4), "PNG", bits=2),
    "bmp grey": file(SMOOTH.convert("L"), "BMP"),
    "bmp rgb": file(SMOOTH, "BMP"),
    "gif": file(SMOOTH.convert("P"), "GIF"),
    "gif with a see-through colour": file(SMOOTH.convert("P"), "GIF", transparency=5),
    "animation": file(SMOOTH.convert("P"), "GIF", save_all=True, append_images=[ROUGH.convert("P")]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_that_a_file_is_decoded_to_the_same_pixels_as_in_the_app(name: str) -> None:
    np.testing.assert_array_equal(decode.decoded(tf.constant(FILES[name])).numpy(), imaging.decode(FILES[name]))


@pytest.mark.parametrize("channels", [1, 3])
def test_that_pictures_of_any_size_are_resized_to_the_same_pixels_as_in_the_app(channels: int) -> None:
    rng = np.random.default_rng(channels)
    for seed in range(60):
        height, width, tall, wide = (int(size) for size in rng.integers(1, 130, 4))
        image = noise(height, width, seed)
        prep = ImagePreparation(height=tall, width=wide, channels=channels)
        given = pictures.resized(prep, tf.constant(image[None], tf.float64)).numpy()[0]
        np.testing.assert_array_equal(given, encode.encode_image(prep, image), err_msg=f"{image.shape} to {prep}")


def test_that_a_batch_of_files_of_mixed_sizes_and_kinds_is_what_the_network_is_fed_in_the_app() -> None:
    prep = ImagePreparation(height=12, width=17, channels=3, scale=1 / 127.5, offset=-1.0)
    whole = Preparation(input=prep, target=ClassTarget(classes=("a", "b")))
    files = [*FILES.values(), file(Image.fromarray(noise(12, 17)), "PNG")]
    expected = encode.model_input(whole, np.stack([encode.decode_file(data, prep) for data in files]))
    given = tf.function(decode.network_input)(prep, tf.constant(files)).numpy()
    np.testing.assert_allclose(given, expected, atol=1e-6)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_that_arrays_of_one_to_four_channels_are_taken(channels: int) -> None:
    image = np.random.default_rng(0).integers(0, 256, (2, 4, 5, channels), dtype=np.uint8)
    given = decode.rgb(tf.constant(image)).numpy()
    np.testing.assert_array_equal(given, image[..., :3] if channels > 2 else np.repeat(image[..., :1], 3, axis=-1))


def test_that_no_pictures_give_no_answers() -> None:
    prep = ImagePreparation(height=8, width=8, channels=1)
    assert decode.network_input(prep, tf.constant([], tf.string)).shape == (0, 8, 8, 1)
