"""Plots in the program's own look: live curves that cost little, and a themed canvas for everything else."""
