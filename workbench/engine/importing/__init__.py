"""The part of an import that needs Keras: weights out of a file that was looked at, in a process of its own."""

from workbench.importing import WEIGHTS_FILE, Imported, import_model

__all__ = ["WEIGHTS_FILE", "Imported", "import_model"]
