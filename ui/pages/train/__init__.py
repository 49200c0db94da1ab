"""The Train page: trials before a run, the plan, the run at work, and all runs of the project."""
