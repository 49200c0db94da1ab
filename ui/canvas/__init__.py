"""The canvas: a scene that mirrors the drawing, a view to move about in it, one class a gesture. It never decides."""
