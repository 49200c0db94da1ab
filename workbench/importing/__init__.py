"""Opens models that others made, without running anything that is in them: looked at first, then drawn."""

from workbench.importing.imported import WEIGHTS_FILE, Imported, import_model

__all__ = ["WEIGHTS_FILE", "Imported", "import_model"]
