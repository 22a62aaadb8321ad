"""A ready question for a vague complaint: a low rating with hardly a word about it."""

from collections.abc import Mapping

from dialogs.issue.model import Issue
from dialogs.phrases import Phrases
from scoring.rules import LowRating

__all__ = ["ready_question"]

_MOST = 2
"""The most questions in one message."""

_ENOUGH = 12
"""The shortest remark, in characters, that counts as an explanation."""


def ready_question(issue: Issue, said: Mapping[str, str], phrases: Phrases, locale: str) -> str:
    """Return a question about what was rated low without a remark; `said` are the remarks. Empty where all is clear.

    Whoever has written more since, as by answering, is not asked the same again. The texts are phrases under
    `clarify.` and the question's id, so that an owner can give their own.
    """
    if issue.text:
        return ""
    known = phrases.texts[phrases.locale(locale)]
    low = dict.fromkeys(reason.question for reason in issue.reasons if isinstance(reason, LowRating))
    vague = [question for question in low if question in said and len(said[question]) < _ENOUGH]
    return "\n".join(known[f"clarify.{question}"] for question in vague[:_MOST] if f"clarify.{question}" in known)
