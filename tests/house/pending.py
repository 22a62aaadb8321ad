"""Measures that miss their target today, and how far they may; a figure may only get better.

Whoever improves one lowers its figure here, or leaves that to the next who comes by. Empty when all are reached.
"""

__all__ = ["PENDING"]

PENDING: dict[str, float] = {}
