"""The rules of the house, each with its reason, read from the source and never from a run of it."""
