"""The state of a training: taken whole, kept on disk, put back so that the run goes on as if it had never stopped."""
