"""The name of what WeChat never sends."""

__all__ = ["Malformed"]


class Malformed(ValueError):  # noqa: N818 (the name says what the body is)
    """A delivery that nobody can read: the reason in a few words, without anything of what was sent."""
