"""The methods by which a message may be sent."""

from enum import StrEnum

__all__ = ["CUSTOM", "SendMethod"]


class SendMethod(StrEnum):
    """A menu or a text as a customer-service message, a one-time subscription notice, a template message."""

    MENU = "menu"
    TEXT = "text"
    GRANT = "grant"
    TEMPLATE = "template"


CUSTOM = (SendMethod.MENU, SendMethod.TEXT)
"""Both are customer-service messages: one interface, and counted together."""
