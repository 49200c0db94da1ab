"""The rules, a file for each thing that they look at; each is a pure function from the evidence to what it finds."""
