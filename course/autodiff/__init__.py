"""Differentiation, four ways; each way is a module of its own, imported where it is used."""
