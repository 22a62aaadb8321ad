"""The ways by which a message may go."""

from enum import StrEnum

__all__ = ["CUSTOM", "SendMethod"]


class SendMethod(StrEnum):
    """A way for a message: a menu or a text of customer service, a one-time subscription notice, a template message."""

    MENU = "menu"
    TEXT = "text"
    GRANT = "grant"
    TEMPLATE = "template"


CUSTOM = (SendMethod.MENU, SendMethod.TEXT)
"""Both are customer-service messages: one interface, and counted together."""
