"""Live curves and small charts."""
