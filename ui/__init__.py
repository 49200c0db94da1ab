"""The window: PySide6 and pyqtgraph over the engine's documents and events; it mirrors and never decides."""
