"""What everybody may use."""

VALUE = 42
