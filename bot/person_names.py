"""People's names, of the parts in which platforms and help desks keep them."""

import re

__all__ = ["joined_name"]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")


def joined_name(given: str, family: str) -> str:
    """Return a person's name of its two parts, in Han characters as it is said: the family's first, without a space.

    A longer second part is a form of address, or a name in the wrong field: what is shorter stands before it.
    """
    if _HAN.fullmatch(given) and _HAN.fullmatch(family):
        return given + family if len(given) < len(family) else family + given
    return " ".join(filter(None, (given, family)))
