"""Keras Workbench's engine: everything the window does, without a window."""

__version__ = "0.1.0"
