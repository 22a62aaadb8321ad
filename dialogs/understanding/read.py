"""Reads a typed text; defined for any text, and never a guess."""

import re

from dialogs.understanding.clauses import opinion_in_clauses, wish_in_clauses
from dialogs.understanding.commands import Command, command, storable
from dialogs.understanding.folded import SEPARATORS, Folded
from dialogs.understanding.lexicon import Intent, Lexicon
from dialogs.understanding.model import AllChosen, AskedQuestion, Chosen, Contrary, OffScale, Reading, Wants, Words
from dialogs.understanding.numerals import fold, read_numeral
from dialogs.understanding.opinion import is_one_judgement, opinion, stated_alone
from dialogs.understanding.pattern import Pattern
from dialogs.understanding.score_phrases import ScoredText, all_with_reason, score_alone, score_with_reason
from dialogs.understanding.scores import find_scores, named_top
from dialogs.understanding.signs import Signs, take_signs
from dialogs.understanding.survey_words import SurveyWords, words_at_question
from dialogs.understanding.word_graph import WordGraph, after_separators, word_graph
from scoring.scale import Scale
from scoring.values import Value, replace

__all__ = [
    "complains",
    "is_bare_skip",
    "is_small_talk",
    "read",
    "read_rating_number",
    "strong_side",
    "tells_of_trouble",
    "wish",
]

_LONGEST_RATING = 200  # characters in which a number with its reason is looked for
_LONGEST_STORY = 400  # characters in which words of trouble are looked for
_LONGEST_WORDS = 60  # characters of an opinion or a wish; who writes more is telling something
_LONGEST_NUMBER = 12
_FIVE_POINTS = 4  # from the lowest to the highest
_HIGH, _LOW = 0.6, 0.4
_BEST, _WORST = 5, 1
_PLAIN_IN_LETTERS, _PLAIN_IN_CHINESE = 15, 6  # characters of a rating in words that says nothing else
_SMALL_TALK = Pattern("small_talk small_talk|wish.thanks|wish.thanks_around*")
_TROUBLE = frozenset({"trouble", "complaint.word", "adjective.1"})
_PRAISE = frozenset({"adjective.5"})
_QUOTED = re.compile(r"[「『“\"＂‘].{1,12}?[」』”\"＂’]")
_BARE_SKIP = Pattern("wish.skip_around* wish.skip wish.skip_around*")


def read(text: str, asked: AskedQuestion, lexicon: Lexicon) -> Reading:
    """Return what a text says at a question that waits for a rating."""
    said = storable(text)
    number = read_numeral(fold(said).strip()) if len(said) <= _LONGEST_NUMBER else None
    if number is not None:
        return Chosen(number) if number in asked.survey.scale else OffScale()
    own = words_at_question(asked, lexicon)
    seen = _see(said[: _LONGEST_RATING + 1], lexicon, own, asked.survey.scale.highest)
    intent = _wish(said, seen, lexicon)
    if intent is Intent.STOP or (intent is not None and _bare(seen.folded.text) not in own.stated):
        return Wants(intent)
    reading = _rating(seen, asked, own, lexicon)
    return Words(complains(said, lexicon)) if reading is None else reading


def wish(text: str, lexicon: Lexicon) -> Intent | None:
    """Return what the writer wants instead of answering, at any step; None where it is an answer or anything else."""
    said = storable(text)
    return _wish(said, _see(said[: _LONGEST_WORDS + 1], lexicon, SurveyWords()), lexicon)


def is_bare_skip(text: str, lexicon: Lexicon) -> bool:
    """Return whether a skip is one word for it, such as 跳过吧, and gives no reason, such as 不知道，没用过."""
    seen = _see(storable(text)[: _LONGEST_WORDS + 1], lexicon, SurveyWords())
    return _BARE_SKIP.fits(seen.graph, seen.start)


def is_small_talk(text: str, lexicon: Lexicon) -> bool:
    """Return whether a text says nothing for anybody to read: 好的，谢谢, or a short wish understood, as 转人工."""
    seen = _see(storable(text)[: _LONGEST_WORDS + 1], lexicon, SurveyWords())
    if _SMALL_TALK.fits(seen.graph, seen.start):
        return True
    said = _bare(seen.folded.text)
    is_short = len(said) <= (_PLAIN_IN_LETTERS if said.isascii() else _PLAIN_IN_CHINESE)
    return is_short and wish(text, lexicon) is not None


def read_rating_number(text: str, asked: AskedQuestion, lexicon: Lexicon) -> Chosen | None:
    """Return the rating that a text states as a number, at a question rated before; None where it states none."""
    said, scale = storable(text), asked.survey.scale
    own = words_at_question(asked, lexicon)
    seen = _see(said[: _LONGEST_RATING + 1], lexicon, own, scale.highest)
    if len(said) > _LONGEST_RATING or _wish(said, seen, lexicon) is not None:
        return None
    scored = _scored(seen, asked)
    reading = score_alone(scored) or score_with_reason(scored)
    checked = _checked(reading, scale, own, seen.signs, lexicon) if isinstance(reading, Chosen) else None
    return checked if isinstance(checked, Chosen) else None


class _Seen(Value):
    """A text without its signs, and its words."""

    folded: Folded
    signs: Signs
    graph: WordGraph

    @property
    def start(self) -> int:
        """Where the first word begins."""
        return after_separators(self.folded.text, 0)


def _see(said: str, lexicon: Lexicon, own: SurveyWords, top: int = 0) -> _Seen:
    folded, signs = take_signs(lexicon.fold(said), lexicon)
    folded = folded.without(named_top(folded.text, top))
    return _Seen(folded, signs, word_graph(folded.text, lexicon, own))


def _wish(said: str, seen: _Seen, lexicon: Lexicon) -> Intent | None:
    if command(said) is Command.STOP:
        return Intent.STOP
    if not said or len(said) > _LONGEST_WORDS:
        return None
    if seen.start == len(seen.folded.text):
        return Intent.THANKS if seen.signs.is_thanks and not seen.signs.levels else None
    if "whole.stop" in lexicon.kinds(_bare(seen.folded.text)):
        return Intent.STOP
    return lexicon.wish(seen.graph, seen.start) or wish_in_clauses(seen.folded.text, seen.graph, lexicon)


def complains(text: str, lexicon: Lexicon) -> bool:
    """Return whether a text plainly complains: it has a word such as 投诉, and does not deny it."""
    folded = lexicon.fold(storable(text)[:_LONGEST_RATING])
    graph = word_graph(folded.text, lexicon)
    denied = {edge.after for edges in graph for edge in edges if "complaint.denied" in edge.kinds}
    return any("complaint.word" in edge.kinds and at not in denied for at, edges in enumerate(graph) for edge in edges)


def strong_side(text: str, lexicon: Lexicon) -> int:
    """Return 1 for words that are strong praise and no more, such as 非常满意, -1 for strong blame; 0 for others."""
    said = storable(text)
    if not said or len(said) > _LONGEST_WORDS:
        return 0
    seen = _see(said, lexicon, SurveyWords())
    is_mocking = _QUOTED.search(said) or any("mockery" in edge.kinds for edges in seen.graph for edge in edges)
    level = opinion(seen.graph, seen.start, len(seen.folded.text))
    if is_mocking or (level == _BEST and seen.signs.blames) or (level == _WORST and seen.signs.praises):
        return 0
    return (level == _BEST) - (level == _WORST)


def tells_of_trouble(text: str, lexicon: Lexicon) -> bool:
    """Return whether a story has words of trouble, such as 等到下午, and praises nothing."""
    graph = word_graph(lexicon.fold(storable(text)[:_LONGEST_STORY]).text, lexicon)
    kinds = frozenset[str]().union(*(edge.kinds for edges in graph for edge in edges if "negated" not in edge.kinds))
    return bool(kinds & _TROUBLE) and not kinds & _PRAISE


def _rating(seen: _Seen, asked: AskedQuestion, own: SurveyWords, lexicon: Lexicon) -> Reading | None:
    is_asked_for = any("score.forced" in edge.kinds for edges in seen.graph for edge in edges)
    if is_asked_for or len(seen.folded.original) > _LONGEST_RATING:
        return None
    scale, text = asked.survey.scale, _scored(seen, asked)
    reading = score_alone(text) or all_with_reason(text)
    tells_more = False
    if reading is None:
        value = _unmocked(_in_words(text, own, seen.signs, lexicon), text, scale)
        tells_more = value is not None and _tells_more(text, own)
        reading = score_with_reason(text) if value is None else Chosen(value)
    if reading is None and scale.highest - scale.lowest == _FIVE_POINTS:
        reading = _beside_a_story(text, lexicon)
    if isinstance(reading, AllChosen) and reading.rest:
        one = _checked(Chosen(reading.values[0], reading.rest), scale, own, seen.signs, lexicon)
        return reading if isinstance(one, Chosen) else one
    if not isinstance(reading, Chosen):
        return reading
    checked = _checked(reading, scale, own, seen.signs, lexicon)
    if tells_more and isinstance(checked, Chosen):
        return replace(checked, rest=seen.folded.original, explains=False)
    return checked


def _scored(seen: _Seen, asked: AskedQuestion) -> ScoredText:
    scores = find_scores(seen.folded.text, seen.graph, asked.survey.scale)
    return ScoredText(seen.folded, seen.graph, scores, asked)


def _tells_more(text: ScoredText, own: SurveyWords) -> bool:
    """Return whether a rating in words says more than the rating: 师傅很好很耐心."""
    said = _bare(text.text)
    if said in ("", *own.stated):
        return False
    is_short = len(said) <= (_PLAIN_IN_LETTERS if said.isascii() else _PLAIN_IN_CHINESE)
    return not (is_short and is_one_judgement(text.graph, text.start))


def _beside_a_story(text: ScoredText, lexicon: Lexicon) -> Chosen | None:
    found, scale = opinion_in_clauses(text, lexicon), text.asked.survey.scale
    value = _unmocked(found[0] + scale.lowest - 1, text, scale) if found else None
    return Chosen(value, found[1]) if found and value is not None else None


def _unmocked(value: int | None, text: ScoredText, scale: Scale) -> int | None:
    """Return a rating in words, None where it praises in mockery: 呵呵 真快啊, 真的是「好快」喔."""
    if value is None or not _is_good(value, scale):
        return value
    quoted = _QUOTED.search(text.folded.original)
    is_scare = quoted is not None and bool(_bare(text.folded.original.replace(quoted[0], "")))
    is_ironic = any("mockery" in edge.kinds for edges in text.graph for edge in edges)
    return None if is_scare or is_ironic else value


def _in_words(text: ScoredText, own: SurveyWords, signs: Signs, lexicon: Lexicon) -> int | None:
    """Return the rating that words or emoji state."""
    scale, said = text.asked.survey.scale, _bare(text.text)
    if said in own.stated:
        return own.stated[said]
    if len(said) > _LONGEST_WORDS or "acknowledgement" in lexicon.kinds(said):
        return None
    if scale.highest - scale.lowest != _FIVE_POINTS:
        return stated_alone(text.graph, text.start)
    level = opinion(text.graph, text.start, len(text.text), scale.lowest) if said else signs.level
    return None if level is None else level + scale.lowest - 1


def _checked(reading: Chosen, scale: Scale, own: SurveyWords, signs: Signs, lexicon: Lexicon) -> Reading:
    """Return the reading, unless an emoji or the words beside the number say the contrary."""
    rest = lexicon.fold(reading.rest)
    labels = {lexicon.folded_word(words[reading.value]) for words in scale.labels.values() if reading.value in words}
    if _bare(rest.text) in labels:  # `4 较好` says one thing twice
        reading = replace(reading, rest="")
    graph = word_graph(rest.text, lexicon, own)
    level = opinion(graph, after_separators(rest.text, 0), len(rest.text), scale.lowest) if reading.rest else None
    if _is_good(reading.value, scale) and (signs.blames or level == _WORST or complains(reading.rest, lexicon)):
        return Contrary()
    if _is_bad(reading.value, scale) and (signs.praises or level == _BEST):
        return Contrary()
    return reading


def _is_good(value: int, scale: Scale) -> bool:
    return scale.position(value) > _HIGH


def _is_bad(value: int, scale: Scale) -> bool:
    return scale.position(value) < _LOW


def _bare(text: str) -> str:
    """Return a folded text without the separators at its ends, its words set off by one space."""
    return " ".join(text.strip("".join(SEPARATORS)).split())
