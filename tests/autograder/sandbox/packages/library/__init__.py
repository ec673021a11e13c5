"""A package whose front door names what an assignment asks for."""

from library.rules import Rule
from library.values import VALUE

__all__ = ["VALUE", "Rule"]
