"""Secrets and phone numbers never reach a log line, whoever wrote it."""

import re
from collections.abc import Iterable

__all__ = ["Redactor"]

_SHAPES = (
    re.compile(r"\b\d{6,12}:[A-Za-z0-9_-]{30,}"),  # a Telegram bot token, as in every Bot API URL
    re.compile(r"(?i)\b(?:secret|access_token|token|appsecret|password|api_key|key)=[^&\s\"']+"),
    re.compile(r"(?i)\b(?:authorization|cookie|set-cookie)\b\W{1,4}(?:bearer\s+)?[^\s\"',}]+"),
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),  # the user and password of a database URL
    re.compile(r"whsec_[A-Za-z0-9+/=_-]+"),
    re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),  # a mainland China mobile number
)
_SHORTEST = 6


class Redactor:
    """Blots out known secrets and whatever looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Know the settings' secrets; those too short to be one are left, or every word would be blotted."""
        self._secrets = tuple(sorted({s for s in secrets if len(s) >= _SHORTEST}, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """Return the text with `•••` in place of every secret."""
        for secret in self._secrets:
            text = text.replace(secret, "•••")
        for shape in _SHAPES:
            text = shape.sub("•••", text)
        return text
