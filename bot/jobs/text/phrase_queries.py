"""Queries what a command or a press about new phrases needs: the list, and where customers use one, with what else."""

from asyncio import to_thread
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from bot.handlers.common.policy import Policy
from bot.handlers.phrases import dimension_name, phrase_dimensions
from bot.handlers.team_findings.speaker import speaker_among
from bot.ports import Clock
from dialogs.admin.commands import AdminCommand, admin_command
from dialogs.improvement.phrase_cards import PhraseStep, PhraseView
from dialogs.messages import Inbound, Tap, Text, Verb
from dialogs.sanitize import defanged
from storage.model.text_records import PhraseStanding, StoredPhrase
from storage.reads.reader import Reader
from storage.reads.text.phrases import ReadComment, ResponseWords

__all__ = ["PhraseQueries"]

_BACK, _A_MOMENT = timedelta(days=90), timedelta(seconds=1)
_MOST_COMMENTS = 5000
"""The latest comments in which a phrase is looked for."""
_EXAMPLES, _BESIDE = 2, 30
_MIDDLE = Fraction(1, 2)
Used = tuple[ReadComment, ResponseWords]


class PhraseQueries:
    """Reads the phrases that wait for a decision, and what tells what one of them speaks of; nothing for strangers."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    async def look_up(self, inbound: Inbound, policy: Policy) -> tuple[PhraseView, ...] | None:
        """Return the phrases that are asked for, None where none are, or by somebody who does not decide about them."""
        phrase = _asked(inbound)
        if phrase is None:
            return None
        speaker = speaker_among(await self._reader.admins.roster(), policy, inbound.place, inbound.sender)
        if speaker is None or not speaker.decides:
            return None
        stored = await self._reader.texts.phrases()
        if not phrase:
            waiting = (one for one in stored if one.state is PhraseStanding.PROPOSED)
            return tuple([PhraseView(one.phrase, one.people) for one in waiting])
        found = next((one for one in stored if one.phrase == phrase), None)
        return () if found is None else (await self._shown(policy, found),)

    async def _shown(self, policy: Policy, stored: StoredPhrase) -> PhraseView:
        now = self._clock.now()
        comments = (await self._reader.texts.found(now - _BACK, now + _A_MOMENT))[-_MOST_COMMENTS:]
        words = await self._reader.texts.words([one.response for one in comments])
        both = [(one, words[one.response]) for one in reversed(comments) if one.response in words]
        return await to_thread(_view, policy, stored, both)


def _asked(inbound: Inbound) -> str | None:
    """Return the phrase that is asked for, empty for the list, None for neither."""
    match inbound.said:
        case Text(text=text, edited=False):
            typed = admin_command(text)
            return "" if typed is not None and typed.command is AdminCommand.PHRASES else None
        case Tap(verb=Verb.PHRASE, step=PhraseStep.LIST):
            return ""
        case Tap(verb=Verb.PHRASE, subject=subject):
            return subject
        case _:
            return None


def _view(policy: Policy, stored: StoredPhrase, comments: Sequence[Used]) -> PhraseView:
    using = [(one, words, text) for one, words in comments if (text := _text_with(policy, stored.phrase, words))]
    examples = tuple(dict.fromkeys(_shown_text(policy, stored.phrase, text, words.name) for _, words, text in using))
    ranks = Counter(dimension for one, _, _ in using for dimension in _dimensions(policy, one))
    known = phrase_dimensions(policy)
    likely = sorted(known, key=lambda dimension: (-ranks[dimension], dimension))
    return PhraseView(
        stored.phrase,
        stored.people,
        tuple([(dimension, dimension_name(policy, dimension)) for dimension in likely]),
        _meant(policy, [one for one, _, _ in using]),
        examples[:_EXAMPLES],
    )


def _text_with(policy: Policy, phrase: str, words: ResponseWords) -> str:
    return next((text for text in words.texts.values() if phrase in policy.comments.lexicons.fold(text)), "")


def _shown_text(policy: Policy, phrase: str, text: str, name: str) -> str:
    """Return what stands around a phrase, masked; empty where the phrase itself is masked."""
    shown = policy.comments.masker.masked(" ".join(text.split()), [name])
    place = max(policy.comments.lexicons.fold(shown).find(phrase), 0)
    first, last = max(place - _BESIDE, 0), place + len(phrase) + _BESIDE
    return defanged(f"{'…' * bool(first)}{shown[first:last]}{'…' * (last < len(shown))}", 2 * _BESIDE + len(phrase) + 9)


def _dimensions(policy: Policy, comment: ReadComment) -> set[str]:
    """Return what else a comment speaks of, and what its giver rated low."""
    spoken = {dimension for _, _, dimension, _ in comment.found if dimension}
    survey = policy.surveys.get(comment.survey)
    measured = {} if survey is None else {question.id: question.measures for question in survey.questions}
    low = {
        measured[answer.question]
        for answer in comment.answers
        if survey is not None and answer.question in measured and survey.scale.position(answer.value) < _MIDDLE
    }
    return spoken | low


def _meant(policy: Policy, comments: Sequence[ReadComment]) -> int:
    """Return how a phrase is meant, by the ratings of those who use it: badly (-1) below the middle, else well (1)."""
    places = [
        survey.scale.position(answer.value)
        for one in comments
        if (survey := policy.surveys.get(one.survey)) is not None
        for answer in one.answers
    ]
    return 1 if places and sum(places, Fraction(0)) / len(places) >= _MIDDLE else -1
