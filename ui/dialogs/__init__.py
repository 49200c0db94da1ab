"""The few dialogs there are: choosing files, and what cannot be undone."""
