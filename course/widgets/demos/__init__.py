"""The demos, one file each with a function of its name; `course.widgets` hands them on."""
