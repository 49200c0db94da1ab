"""The drawing board: items that mirror the graph, gestures that become commands."""
