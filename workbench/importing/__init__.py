"""Opens models that others made, without running anything that is in them: looked at first, then drawn."""

from workbench.importing.imported import Imported, import_model
from workbench.project.store import WEIGHTS_FILE

__all__ = ["WEIGHTS_FILE", "Imported", "import_model"]
