"""What people decide about a phrase that no lexicon has: what it speaks of, or that it speaks of nothing.

Whoever decides stands in the audit log. A mapped phrase is read by every process within seconds, and comments of
before are read again.
"""

from collections.abc import Mapping
from typing import Literal

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import Conflict, Invalid, NotFound
from dialogs.names import is_same_person
from dialogs.survey import in_locale
from scoring.values import Value, replace
from storage.model.text_records import PhraseStanding, StoredPhrase
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "POLARITIES",
    "PhraseAnswer",
    "PhraseDecision",
    "PhraseOutcome",
    "PolarityName",
    "decide_phrase",
    "dimension_name",
    "phrase_dimensions",
    "phrase_needs",
    "polarity_name",
]

PolarityName = Literal["negative", "neutral", "positive"]
POLARITIES: Mapping[PolarityName, int] = {"negative": -1, "neutral": 0, "positive": 1}
_MAY = ("owner", "admin", "lead")
_NAMED = (
    *("response_speed", "solving_result", "attitude", "professionalism", "convenience", "communication"),
    *("after_care", "product_quality", "fee", "parts", "privacy", "safety"),
)
"""The dimensions of the shipped lexicon, each with a name in the phrases."""
_SHORTEST, _LONGEST = 2, 40


class PhraseDecision(Value):
    """What is decided: the `state` that a phrase shall have, and for a mapped one its dimension and polarity.

    PROPOSED takes back what was decided.
    """

    phrase: str
    state: PhraseStanding
    by: str
    dimension: str = ""
    polarity: int = 0
    trusts: bool = False
    """Whether it is known already that this person may: an admin in the chat, whoever runs the command line."""


class PhraseOutcome(Value):
    """A phrase as it stands."""

    phrase: StoredPhrase


PhraseAnswer = PhraseOutcome | Invalid | Conflict | NotFound


def polarity_name(polarity: int) -> PolarityName:
    """Return what people call -1, 0 or 1."""
    return next(name for name, value in POLARITIES.items() if value == polarity)


def phrase_dimensions(policy: Policy) -> tuple[str, ...]:
    """Return what a phrase may speak of: the dimensions of the lexicon and of the surveys that are asked."""
    read = {entry.dimension for entry in policy.comments.lexicons.entries.values()}
    asked = {question.measures for survey in policy.current for question in policy.survey(survey).questions}
    return tuple(sorted((read | asked) - {"", "overall"}))


def dimension_name(policy: Policy, dimension: str, locale: str = "") -> str:
    """Return what the team calls a dimension: as the surveys asked today do, the default one first; else as we do.

    Its id, where neither has a name for it. `locale` is the team's language by default.
    """
    locale = locale or policy.team_speaks
    asked = sorted(policy.current, key=lambda survey: (survey != policy.default_survey, survey))
    for survey in asked:
        for question in policy.survey(survey).questions:
            if question.measures == dimension:
                return in_locale(question.name, locale)
    named = dimension in _NAMED
    return policy.phrases.say(locale, f"text.dimension.{dimension}") if named else dimension


def phrase_needs(policy: Policy, wanted: PhraseDecision) -> Needs:
    """Return the need for the phrase, and for the roster, which says who may."""
    return Needs(phrases=frozenset({policy.comments.lexicons.key(wanted.phrase)}), roster=True)


def decide_phrase(context: DecisionContext, wanted: PhraseDecision) -> Decision[PhraseAnswer]:
    """Map a phrase, ignore it, or take back what was decided. The same decision again changes nothing."""
    phrase = context.policy.comments.lexicons.key(wanted.phrase)
    known = context.snapshot.phrase(phrase)
    if (wrong := _refusal(context, wanted, phrase, known)) is not None:
        return Decision(Changes(), wrong)
    before = known or StoredPhrase(phrase, PhraseStanding.PROPOSED, 0, context.now)
    after = replace(
        before, state=wanted.state, dimension=wanted.dimension, polarity=wanted.polarity, at=context.now, by=wanted.by
    )
    if known is not None and _said(known) == _said(after):
        return Decision(Changes(), PhraseOutcome(known))
    detail = {"dimension": after.dimension, "polarity": polarity_name(after.polarity)} if after.dimension else {}
    cause = f"{before.version + 1} {context.now.isoformat()}"  # versions begin anew where a proposal was dropped
    line = audit_entry(context, wanted.by, f"phrase.{_ACTIONS[wanted.state]}", phrase, cause, **detail)
    return Decision(Changes((after, line)), PhraseOutcome(replace(after, version=before.version + 1)))


_ACTIONS = {PhraseStanding.MAPPED: "mapped", PhraseStanding.IGNORED: "ignored", PhraseStanding.PROPOSED: "taken_back"}


def _said(phrase: StoredPhrase) -> tuple[PhraseStanding, str, int]:
    return phrase.state, phrase.dimension, phrase.polarity


def _refusal(
    context: DecisionContext, wanted: PhraseDecision, phrase: str, known: StoredPhrase | None
) -> Invalid | NotFound | None:
    """Return what is wrong, None where nothing is."""
    roster = context.snapshot.roster()
    if not wanted.trusts and roster and not _may(context, wanted.by):
        return Invalid("by", f"is no {', '.join(_MAY)} on the roster")
    if not _SHORTEST <= len(phrase) <= _LONGEST:
        return Invalid("phrase", f"must have {_SHORTEST} to {_LONGEST} characters")
    if wanted.state is not PhraseStanding.MAPPED:
        return NotFound(f"phrase {phrase}") if known is None else None
    if wanted.dimension not in (dimensions := phrase_dimensions(context.policy)):
        return Invalid("dimension", f"is {wanted.dimension!r}, which is none of {', '.join(dimensions)}")
    return _contradiction(context.policy, wanted, phrase, known)


def _may(context: DecisionContext, by: str) -> bool:
    return any(one.role in _MAY and is_same_person(one.name, by) for one in context.snapshot.roster())


def _contradiction(policy: Policy, wanted: PhraseDecision, phrase: str, known: StoredPhrase | None) -> Invalid | None:
    """Return what another meaning of the same phrase is refused with."""
    meaning = (wanted.dimension, wanted.polarity)
    if known is not None and known.state is PhraseStanding.MAPPED:
        if (known.dimension, known.polarity) == meaning:
            return None
        told = f"{known.dimension}, {polarity_name(known.polarity)}"
        return Invalid("phrase", f"{phrase!r} is mapped already to {told}, by {known.by}; take that back first")
    if (read := policy.comments.lexicons.known(phrase)) is not None:
        told = f"{read[0] or 'no dimension'}, {polarity_name(read[1])}"
        says = "has it already, as" if read == meaning else "says otherwise:"
        return Invalid("phrase", f"{phrase!r} needs no mapping; the lexicon {says} {told}")
    return None
