"""The commands of ``course``, by who gives them; each imports what it needs when it runs."""
