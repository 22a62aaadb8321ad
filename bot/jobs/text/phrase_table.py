"""The phrases of a period: how many customers use each, what they rate, and what it costs or earns in the mean."""

from asyncio import to_thread
from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import islice

from bot.handlers.common.policy import Policy
from bot.jobs.period_summary import FigureRequestError
from bot.receiver import Receiver
from dialogs.survey import Survey, SurveyKey
from dialogs.time.periods import Period, period_before
from scoring.honesty.answer_sets import DisclosureAtom
from scoring.honesty.disclosure import withheld_cells
from scoring.metrics.figure import FEWEST_FOR_A_VALUE
from scoring.text.phrase_figures import CommentFact, HiddenFigures, Mention, PhraseFigure, phrase_figures
from scoring.values import Value, replace
from storage.reads.reader import Reader
from storage.reads.text.phrases import MOST_COMMENTS, PHRASE_KEYS, ReadComment, ResponseWords

__all__ = ["PhraseCut", "PhraseTable", "ShownPhrase", "phrase_table", "phrases_in"]

_EXAMPLES, _BESIDE = 3, 40
_PHRASE = "phrase"
_Quoted = tuple[PhraseFigure, tuple[str, ...]]
"""A figure, and the responses that are quoted for it."""


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
    """Return the phrases of a period. Raises FigureRequestError for a key that is none, and for too many comments."""
    if by and by not in PHRASE_KEYS:
        raise FigureRequestError("by", f"has {by!r}, which is none of {', '.join(PHRASE_KEYS)}")
    now, before = await _read(reader, period), await _read(reader, period_before(period, receiver.policy.timezone))
    await receiver.survey_versions(one.survey for one in (*now, *before))
    return await _table(receiver.policy, reader, PhraseTable(period, by, ()), (now, before))


async def phrases_in(policy: Policy, reader: Reader, period: Period) -> PhraseTable:
    """Return the phrases of a period for all together, by the surveys that are known. Raises FigureRequestError."""
    now, before = await _read(reader, period), await _read(reader, period_before(period, policy.timezone))
    return await _table(policy, reader, PhraseTable(period, "", ()), (now, before))


async def _table(
    policy: Policy, reader: Reader, empty: PhraseTable, comments: tuple[list[ReadComment], list[ReadComment]]
) -> PhraseTable:
    """Return a table with its cuts, from the comments of its period and of the one before."""
    groups, shown = await to_thread(_shown, *comments, empty.by, policy.surveys)
    words = await reader.texts.words([each for one in shown.values() for _, quoted in one for each in quoted])
    return replace(empty, cuts=await to_thread(_cuts, policy, groups, shown, words))


def _shown(
    now: Sequence[ReadComment], before: Sequence[ReadComment], by: str, surveys: Mapping[SurveyKey, Survey]
) -> tuple[dict[str, list[ReadComment]], dict[str, list[_Quoted]]]:
    """Return the comments and the figures that may be told, by value of the key; what is withheld is not computed."""
    by_id = {one.response: one for one in now}
    groups, earlier = _grouped(now, by), _grouped(before, by)
    facts = {value: _facts(several, surveys) for value, several in groups.items()}
    hidden = _hidden(facts, by)
    figures = {
        value: phrase_figures(several, _facts(earlier.get(value, ()), surveys), hidden[value])
        for value, several in facts.items()
    }
    return groups, {value: [(one, _quoted(one, by_id)) for one in several] for value, several in figures.items()}


def _cuts(
    policy: Policy,
    groups: Mapping[str, Sequence[ReadComment]],
    shown: Mapping[str, Sequence[_Quoted]],
    words: Mapping[str, ResponseWords],
) -> tuple[PhraseCut, ...]:
    """Return the cuts with their examples."""
    return tuple(
        PhraseCut(
            value,
            len(groups[value]),
            len({one.customer for one in groups[value]}),
            len({mention for one in groups[value] for mention in _mentions(one)}) - len(several),
            tuple(ShownPhrase(one, _examples(policy, one, quoted, words)) for one, quoted in several),
        )
        for value, several in sorted(shown.items())
    )


async def _read(reader: Reader, period: Period) -> list[ReadComment]:
    found = await reader.texts.found(period.since, period.until)
    if len(found) > MOST_COMMENTS:
        raise FigureRequestError("period", f"holds more than {MOST_COMMENTS} comments; choose a shorter one")
    return found


def _grouped(comments: Sequence[ReadComment], by: str) -> dict[str, list[ReadComment]]:
    found: defaultdict[str, list[ReadComment]] = defaultdict(list)
    for one in comments:
        found[one.keys[by] if by else ""].append(one)
    return dict(found)


def _facts(comments: Sequence[ReadComment], surveys: Mapping[SurveyKey, Survey]) -> list[CommentFact]:
    return [_fact(one, surveys.get(one.survey)) for one in comments]


def _fact(comment: ReadComment, survey: Survey | None) -> CommentFact:
    mentions = _mentions(comment)
    if survey is None or comment.exclusion is not None or not comment.answers:
        return CommentFact(comment.response, comment.customer, None, mentions)
    positions = [(survey.question(one.question).measures, survey.scale.position(one.value)) for one in comment.answers]
    rated: defaultdict[str, list[Fraction]] = defaultdict(list)
    for dimension, position in positions:
        rated[dimension].append(position)
    return CommentFact(
        comment.response,
        comment.customer,
        _mean([position for _, position in positions]),
        mentions,
        {dimension: _mean(several) for dimension, several in rated.items()},
    )


def _mentions(comment: ReadComment) -> frozenset[Mention]:
    return frozenset(Mention(phrase, dimension, polarity) for _, phrase, dimension, polarity in comment.found if phrase)


def _mean(positions: Sequence[Fraction]) -> Fraction:
    return sum(positions, Fraction(0)) / len(positions)


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
