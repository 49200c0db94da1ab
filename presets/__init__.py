"""Architectures, datasets and whole projects to begin with, as JSON."""
