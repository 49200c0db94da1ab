"""Drawings and projects as Python code that stands alone, and code as a drawing again."""
