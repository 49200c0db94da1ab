"""The only room that imports Keras and TensorFlow: it builds, trains, evaluates and exports what the documents say."""
