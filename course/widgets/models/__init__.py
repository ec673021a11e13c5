"""What the demos compute, in NumPy alone: each function takes numbers and gives a dict of arrays."""
