"""What every room stands on: errors, events, undo history, parameters, safe files. Depends on nothing of ours."""
