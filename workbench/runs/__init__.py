"""Run folders: made, listed, read again."""
