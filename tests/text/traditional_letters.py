"""Which letters of a text are written so in Simplified Chinese only."""

__all__ = ["letters_of_the_mainland"]

_FIRST, _LAST = "\u4e00", "\u9fff"


def letters_of_the_mainland(text: str) -> set[str]:
    """Return the Chinese letters that Big5, the character set of Taiwan, does not know."""
    return {letter for letter in text if _FIRST <= letter <= _LAST and not letter.encode("big5", "ignore")}
