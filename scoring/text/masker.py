"""Shows what somebody wrote without what tells who: names, telephones, addresses of every kind, numbers of orders.

Rules, no list of people: what they miss, only readers of the whole response could see otherwise.
"""

import re
from collections.abc import Iterable, Sequence

__all__ = ["Masker", "MaskingRule"]

MaskingRule = tuple[re.Pattern[str], str]
"""A pattern, and what is shown in its place."""
_HALF = {0xFF10 + digit: 0x30 + digit for digit in range(10)}


class Masker:
    """Masks by rules, one after the other; what is masked is shown as `mask`."""

    def __init__(self, mask: str = "***", rules: Sequence[MaskingRule] = ()) -> None:
        """Take rules whose repetitions are bounded, or give nothing back: then any text is read in linear time."""
        self._mask, self._rules = mask, rules

    def masked(self, text: str, names: Iterable[str] = ()) -> str:
        """Return a text without what may tell who somebody is; `names` are masked wherever they stand.

        Everything else stays as written, full-width digits as half-width ones.
        """
        text = text.translate(_HALF)
        for name in sorted({one for one in names if len(one) > 1}, key=lambda one: (-len(one), one)):
            text = text.replace(name, self._mask)
        for pattern, shown in self._rules:
            text = pattern.sub(shown, text)
        return text
