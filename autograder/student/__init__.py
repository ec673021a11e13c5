"""What a student's commands do, on the student's own machine: no gradebook, no course directory, no nbgrader."""
