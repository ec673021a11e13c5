"""What passes through the wall between the tests and the student's code."""
