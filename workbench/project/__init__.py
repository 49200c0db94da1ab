"""A project: the dataset, the architecture and the training settings, kept in one folder."""
