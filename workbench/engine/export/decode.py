"""A picture file's bytes to what a network is fed, in a TensorFlow graph, pixel for pixel as `workbench.data` does."""

from __future__ import annotations

import tensorflow as tf

from workbench.data.spec import ImagePreparation
from workbench.engine.export import pictures


def network_input(prep: ImagePreparation, files: tf.Tensor) -> tf.Tensor:
    """What the network is fed for picture files.

    Args:
        prep: The fitted preparation.
        files: Whole JPEG, PNG, BMP or GIF files, string, shape (batch,); their sizes may differ.

    Returns:
        float32, shape (batch, prep.height, prep.width, prep.channels), scaled.
    """

    def one(file: tf.Tensor) -> tf.Tensor:
        image = tf.cast(decoded(file), tf.float64)
        return tf.cast(pictures.resized(prep, image[tf.newaxis])[0], tf.uint8)

    shape = (prep.height, prep.width, prep.channels)
    small = tf.map_fn(one, files, fn_output_signature=tf.TensorSpec(shape, tf.uint8))
    return pictures.scaled(prep, small)


def decoded(file: tf.Tensor) -> tf.Tensor:
    """One picture file as uint8 of shape (height, width, 3); of an animation the first frame."""
    image = tf.cond(
        tf.equal(tf.strings.substr(file, 0, 3), b"\xff\xd8\xff"),
        lambda: tf.io.decode_jpeg(file, channels=3, dct_method="INTEGER_ACCURATE"),
        lambda: tf.io.decode_image(file, channels=3, expand_animations=False),
    )
    return tf.ensure_shape(image, (None, None, 3))


def rgb(image: tf.Tensor) -> tf.Tensor:
    """Pictures of 1 (grey), 2 (grey, alpha), 3 or 4 (RGB, alpha) channels as RGB, shape (batch, height, width, 3)."""
    colour = tf.cond(tf.shape(image)[-1] >= 3, lambda: image[..., :3], lambda: tf.repeat(image[..., :1], 3, axis=-1))
    return tf.ensure_shape(colour, (None, None, None, 3))
