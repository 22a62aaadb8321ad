"""Reasons as people write them: `reason("speed 2 ≤ 2")`."""

from collections.abc import Collection
from importlib import import_module

import msgspec

from dialogs.issue.reasons import Reason

__all__ = ["reason"]

_MIGRATION = import_module("storage.migrations.versions.0006_reasons")


def reason(text: str, questions: Collection[str] = ()) -> Reason:
    """Return the reason that this is the text of, read as the migration reads what earlier versions stored."""
    read: Reason = msgspec.convert(_MIGRATION.reason_of(text, questions), Reason)
    assert str(read) == text
    return read
