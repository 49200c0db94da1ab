"""What goes wrong in trainings: rules over what a run has shown so far, each with numbers, a reason and a remedy."""
