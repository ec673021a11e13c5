"""A demonstration class: made-up students, their hand-ins, and the marks that these must have."""
