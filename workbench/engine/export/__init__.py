"""A run's best model made into something that works without this program, and proved in a fresh process.

The heavy work happens in processes of its own
(`build`, then `standalone`), so the window never waits and a cancel leaves nothing behind.
"""

from workbench.engine.export.certificate import Certificate
from workbench.engine.export.flow import export_run

__all__ = ["Certificate", "export_run"]
