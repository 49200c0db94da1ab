"""What the user picked and how it is prepared: sources, preparation, split, preview, quality. numpy, polars, Pillow; no TensorFlow."""
