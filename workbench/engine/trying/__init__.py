"""Short trials before a training: the pre-flight, the learning-rate range test, the batch-size finder."""
