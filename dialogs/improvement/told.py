"""What a customer who raised a finding is told in the end: what they had said, and what was changed."""

from dialogs.ids import RefKind, is_about, ref_of
from dialogs.improvement.model import Finding
from dialogs.phrases import Phrases
from dialogs.sanitize import one_line

__all__ = ["is_finding", "told_text"]

_QUOTED = 60
"""Characters of what the customer had said."""
_STOPS = " 。.!！；;，,"


def is_finding(id_: str) -> bool:
    """Return whether an id is that of a finding."""
    return is_about(ref_of(id_), RefKind.FINDING)


def told_text(finding: Finding, said: str, phrases: Phrases, locale: str) -> str:
    """Return "you said, we did" in a language; without the quotation where the words are not kept.

    Where nobody has written in that language what was changed, the first wording is taken.
    """
    ours = {phrases.locale(language): text for language, text in reversed(finding.told)}
    first = finding.told[0][1] if finding.told else finding.text
    changed = ours.get(locale, first).strip().rstrip(_STOPS)
    quoted = one_line(said, _QUOTED).rstrip(_STOPS)
    if not quoted:
        return phrases.say(locale, "told.plain", changed=changed)
    return phrases.say(locale, "told.quoted", said=quoted, changed=changed)
