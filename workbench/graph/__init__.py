"""The architecture being drawn: nodes and links by id, edits as pure functions, and the rules a drawing must keep."""
