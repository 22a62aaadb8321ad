"""The phrases of a period: how many customers use each, what they rate, and what it costs or earns in the mean."""

from asyncio import to_thread
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TypeVar
from weakref import WeakKeyDictionary

from bot.handlers.common.policy import Policy
from bot.jobs.figures.kept_summaries import done_apart
from bot.jobs.period_summary import FigureRequestError
from bot.receiver import Receiver
from dialogs.survey import Survey, SurveyKey
from dialogs.time.periods import Period, period_before
from scoring.honesty.answer_sets import DisclosureAtom
from scoring.honesty.disclosure import withheld_cells
from scoring.metrics.figure import FEWEST_FOR_A_VALUE
from scoring.text.phrase_figures import CommentFact, HiddenFigures, Mention, PhraseFigure, phrase_figures
from scoring.values import Value, replace
from storage.model.text_records import FoundPhrase
from storage.reads.reader import Reader
from storage.reads.text.phrases import MOST_COMMENTS, PHRASE_KEYS, MentioningComment, ReadComment, ResponseWords

__all__ = ["PhraseCut", "PhraseTable", "ShownPhrase", "phrase_table", "phrases_in"]

_EXAMPLES, _BESIDE = 3, 40
_PHRASE = "phrase"
_Quoted = tuple[PhraseFigure, tuple[str, ...]]
"""A figure, and the responses that are quoted for it."""
Commenting = TypeVar("Commenting", ReadComment, MentioningComment)


class ShownPhrase(Value):
    """A phrase's figure, with examples that tell nobody."""

    figure: PhraseFigure
    examples: tuple[str, ...]


class PhraseCut(Value):
    """The phrases of one value of the key, of all where there is no key; `comments` by so many `customers`.

    `withheld` is the number of phrases of fewer than five customers, or of so few that they would follow from others.
    """

    value: str
    comments: int
    customers: int
    withheld: int
    phrases: tuple[ShownPhrase, ...]


class PhraseTable(Value):
    """The phrases of a period, cut by a key, empty for none."""

    period: Period
    by: str
    cuts: tuple[PhraseCut, ...]


async def phrase_table(receiver: Receiver, reader: Reader, period: Period, by: str = "") -> PhraseTable:
    """Return the phrases of a period, of very many comments by a process of its own.

    Raises FigureRequestError for a key that is none, and for too many comments, and ProcessFailed.
    """
    if by and by not in PHRASE_KEYS:
        raise FigureRequestError("by", f"has {by!r}, which is none of {', '.join(PHRASE_KEYS)}")
    asked = _asked(receiver.policy, period, by)
    found = await _computed(reader, asked)
    if found.unknown:
        await receiver.survey_versions(found.unknown)
        found = await _computed(reader, _asked(receiver.policy, period, by))
    return await _table(receiver.policy, reader, PhraseTable(period, by, ()), found)


async def phrases_in(policy: Policy, reader: Reader, period: Period) -> PhraseTable:
    """Return the phrases of a period for all together, by the surveys that are known, as `phrase_table` does."""
    found = await _computed(reader, _asked(policy, period, ""))
    return await _table(policy, reader, PhraseTable(period, "", ()), found)


class _Asked(Value):
    """Of which comments phrases are counted: their time, the one before, by which key, and the surveys by which."""

    ends: tuple[datetime, datetime]
    before: tuple[datetime, datetime]
    by: str
    surveys: Mapping[SurveyKey, Survey]


class _Group(Value):
    """What the comments of one value of the key come to: how many they are, of how many customers and phrases."""

    comments: int
    customers: int
    mentions: int
    shown: list[_Quoted]


class _Found(Value):
    """The groups by value, and the surveys that whoever computed them did not know; None of too many comments."""

    groups: dict[str, _Group] | None
    unknown: frozenset[SurveyKey] = frozenset()


_KNOWN = WeakKeyDictionary[Reader, deque[tuple[_Asked, tuple[int, ...], _Found]]]()
"""What this process has computed lately, and how the comments stood: most ask for a report in several formats."""
_MOST_KNOWN = 4


def _asked(policy: Policy, period: Period, by: str) -> _Asked:
    before = period_before(period, policy.timezone)
    return _Asked((period.since, period.until), (before.since, before.until), by, policy.surveys)


async def _computed(reader: Reader, asked: _Asked) -> _Found:
    """Return what the comments come to, as it was computed last while nothing has changed.

    Raises FigureRequestError for too many of them, and ProcessFailed.
    """
    standing = await reader.texts.standing(asked.before[0], asked.ends[1])
    known = _KNOWN.setdefault(reader, deque(maxlen=_MOST_KNOWN))
    found = next((found for one, as_it_stood, found in known if (one, as_it_stood) == (asked, standing)), None)
    if found is None:
        found = await done_apart(reader, asked.ends, partial(_counted, asked=asked))
        known.append((asked, standing, found))
    if found.groups is None:
        raise FigureRequestError("period", f"holds more than {MOST_COMMENTS} comments; choose a shorter one")
    return found


async def _counted(reader: Reader, asked: _Asked) -> _Found:
    """Return what the comments come to, read and counted here."""
    now, before = await reader.texts.found(*asked.ends), await reader.texts.mentioned(*asked.before)
    if max(len(now), len(before)) > MOST_COMMENTS:
        return _Found(None)
    unknown = frozenset(one.survey for one in now) - asked.surveys.keys()
    return _Found(await to_thread(_groups, now, before, asked), unknown)


async def _table(policy: Policy, reader: Reader, empty: PhraseTable, found: _Found) -> PhraseTable:
    """Return a table with its cuts, and the words that are quoted."""
    groups = found.groups or {}
    words = await reader.texts.words([each for one in groups.values() for _, quoted in one.shown for each in quoted])
    return replace(empty, cuts=await to_thread(_cuts, policy, groups, words))


def _groups(now: Sequence[ReadComment], before: Sequence[MentioningComment], asked: _Asked) -> dict[str, _Group]:
    """Return the comments and the figures that may be told, by value of the key; what is withheld is not computed."""
    by, by_id = asked.by, {one.response: one for one in now}
    groups, earlier = _grouped(now, by), _grouped(before, by)
    facts = {value: [_fact(one, asked.surveys.get(one.survey)) for one in several] for value, several in groups.items()}
    hidden = _hidden(facts, by)
    return {value: _group(several, earlier.get(value, ()), hidden[value], by_id) for value, several in facts.items()}


def _group(
    facts: Sequence[CommentFact],
    earlier: Iterable[MentioningComment],
    hidden: HiddenFigures,
    by_id: Mapping[str, ReadComment],
) -> _Group:
    before = [CommentFact("", one.customer, None, _mentions(one.found)) for one in earlier]
    figures = phrase_figures(facts, before, hidden)
    return _Group(
        len(facts),
        len({one.customer for one in facts}),
        len({mention for one in facts for mention in one.mentions}),
        [(one, _quoted(one, by_id)) for one in figures],
    )


def _cuts(policy: Policy, groups: Mapping[str, _Group], words: Mapping[str, ResponseWords]) -> tuple[PhraseCut, ...]:
    """Return the cuts with their examples."""
    return tuple(
        PhraseCut(
            value,
            one.comments,
            one.customers,
            one.mentions - len(one.shown),
            tuple(ShownPhrase(figure, _examples(policy, figure, quoted, words)) for figure, quoted in one.shown),
        )
        for value, one in sorted(groups.items())
    )


def _grouped(comments: Iterable[Commenting], by: str) -> dict[str, list[Commenting]]:
    found: defaultdict[str, list[Commenting]] = defaultdict(list)
    for one in comments:
        found[one.keys[by] if by else ""].append(one)
    return dict(found)


def _fact(comment: ReadComment, survey: Survey | None) -> CommentFact:
    mentions = _mentions(comment.found)
    if survey is None or comment.exclusion is not None or not comment.answers:
        return CommentFact(comment.response, comment.customer, None, mentions)
    rated: defaultdict[str, list[int]] = defaultdict(list)
    for one in comment.answers:
        rated[survey.question(one.question).measures].append(one.value)
    return CommentFact(
        comment.response,
        comment.customer,
        survey.scale.mean_position([one.value for one in comment.answers]),
        mentions,
        {dimension: survey.scale.mean_position(values) for dimension, values in rated.items()},
    )


def _mentions(found: Iterable[FoundPhrase]) -> frozenset[Mention]:
    return frozenset(Mention(phrase, dimension, polarity) for _, phrase, dimension, polarity in found if phrase)


_People = defaultdict[Mention, defaultdict[str, set[str]]]
"""Who has to do with a phrase, by value of the key."""


def _hidden(facts: Mapping[str, Sequence[CommentFact]], by: str) -> dict[str, HiddenFigures]:
    """Return by value of the key what would tell of fewer than five people: who use a phrase, who rated with it.

    Each phrase by itself: people use several, so that nothing follows from one about another.
    """
    users, rated, of_dimension = (_People(lambda: defaultdict(set)) for _ in range(3))
    for value, several in facts.items():
        for one in several:
            for mention in one.mentions:
                users[mention][value].add(one.customer)
                if one.score is not None:
                    rated[mention][value].add(one.customer)
                if mention.dimension in one.by_dimension:
                    of_dimension[mention][value].add(one.customer)
    phrases, means, dimension_means = (_of_few(people, by) for people in (users, rated, of_dimension))
    return {
        value: HiddenFigures(*(each.get(value, frozenset()) for each in (phrases, means, dimension_means)))
        for value in facts
    }


def _of_few(people: _People, by: str) -> dict[str, frozenset[Mention]]:
    """Return by value of the key the phrases for which fewer than five people could be told."""
    found: defaultdict[str, set[Mention]] = defaultdict(set)
    for mention, users in people.items():
        for value in _withheld(users, by):
            found[value].add(mention)
    return {value: frozenset(mentions) for value, mentions in found.items()}


def _withheld(users: Mapping[str, set[str]], by: str) -> set[str]:
    """Return the values of the key for which a phrase is withheld, beside the figure over all of them."""
    if not by:
        return {value for value, people in users.items() if len(people) < FEWEST_FOR_A_VALUE}
    atoms = [
        DisclosureAtom({by: value}, {_PHRASE: ""}, 1, person=person)
        for value, people in users.items()
        for person in people
    ]
    found = withheld_cells(atoms, [(), (by,)], [], FEWEST_FOR_A_VALUE)
    return {value for (value,) in found[by,]}


def _quoted(figure: PhraseFigure, comments: Mapping[str, ReadComment]) -> tuple[str, ...]:
    """Return the latest responses with a phrase, but for those who say the opposite on the whole."""
    mention = (figure.mention.phrase, figure.mention.dimension, figure.mention.polarity)
    latest = (one for one in reversed(figure.responses) if not comments[one].gainsays(mention))
    return tuple(islice(latest, _EXAMPLES))[::-1]


def _examples(
    policy: Policy, figure: PhraseFigure, quoted: Sequence[str], words: Mapping[str, ResponseWords]
) -> tuple[str, ...]:
    """Return what these responses say around the phrase, without what tells who wrote it."""
    found = (_example(policy, figure.mention.phrase, words[each]) for each in quoted if each in words)
    return tuple(dict.fromkeys(filter(None, found)))


def _example(policy: Policy, phrase: str, words: ResponseWords) -> str:
    for text in words.texts.values():
        shown = policy.comments.masker.masked(" ".join(text.split()), [words.name])
        place = policy.comments.lexicons.fold(shown).find(phrase)
        if place >= 0:
            first, last = max(place - _BESIDE, 0), place + len(phrase) + _BESIDE
            return f"{'…' * bool(first)}{shown[first:last]}{'…' * (last < len(shown))}"
    return ""
