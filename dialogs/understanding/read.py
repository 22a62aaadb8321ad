"""Reads a typed text; defined for any text, and never a guess."""

from dialogs.understanding.commands import Command, command, storable
from dialogs.understanding.folded import SEPARATORS
from dialogs.understanding.lexicon import Intent, Lexicon
from dialogs.understanding.model import AskedQuestion, Chosen, Contrary, Reading, Wants, Words
from dialogs.understanding.opinion import opinion, stated_alone
from dialogs.understanding.score_phrases import ScoredText, score_alone, score_with_reason
from dialogs.understanding.scores import find_scores
from dialogs.understanding.signs import Signs, take_signs
from dialogs.understanding.survey_words import SurveyWords, words_at_question
from dialogs.understanding.word_graph import after_separators, word_graph
from scoring.scale import Scale
from scoring.values import replace

__all__ = ["complains", "read", "wish"]

_LONGEST_RATING = 300  # characters in which a number with its reason is looked for
_LONGEST_WORDS = 60  # characters of an opinion or a wish; who writes more is telling something
_FIVE_POINTS = 4  # from the lowest to the highest
_HIGH, _LOW = 0.6, 0.4
_BEST, _WORST = 5, 1


def read(text: str, asked: AskedQuestion, lexicon: Lexicon) -> Reading:
    """Return what a text says at a question that waits for a rating."""
    said, own = storable(text), words_at_question(asked, lexicon)
    intent = wish(said, lexicon)
    if intent is Intent.STOP or (intent is not None and _bare(lexicon.fold(said).text) not in own.stated):
        return Wants(intent)
    reading = _rating(said, asked, own, lexicon)
    return Words(complains(said, lexicon)) if reading is None else reading


def wish(text: str, lexicon: Lexicon) -> Intent | None:
    """Return what the writer wants instead of answering, at any step; None where it is an answer or anything else."""
    said = storable(text)
    if command(said) is Command.STOP:
        return Intent.STOP
    if not said or len(said) > _LONGEST_WORDS:
        return None
    folded, signs = take_signs(lexicon.fold(said), lexicon)
    start = after_separators(folded.text, 0)
    if start == len(folded.text):
        return Intent.THANKS if signs.is_thanks and not signs.levels else None
    whole = lexicon.kinds(_bare(folded.text))
    if "whole.stop" in whole:
        return Intent.STOP
    graph = word_graph(folded.text, lexicon)
    return next((intent for intent, pattern in lexicon.patterns if pattern.fits(graph, start)), None)


def complains(text: str, lexicon: Lexicon) -> bool:
    """Return whether a text plainly complains: it has a word such as 投诉, and does not deny it."""
    folded = lexicon.fold(storable(text)[:_LONGEST_RATING])
    graph = word_graph(folded.text, lexicon)
    denied = {edge.after for edges in graph for edge in edges if "complaint.denied" in edge.kinds}
    return any("complaint.word" in edge.kinds and at not in denied for at, edges in enumerate(graph) for edge in edges)


def _rating(said: str, asked: AskedQuestion, own: SurveyWords, lexicon: Lexicon) -> Reading | None:
    if not said or len(said) > _LONGEST_RATING:
        return None
    folded, signs = take_signs(lexicon.fold(said), lexicon)
    graph = word_graph(folded.text, lexicon, own)
    scale = asked.survey.scale
    text = ScoredText(folded, graph, find_scores(folded.text, graph, scale), asked)
    reading = score_alone(text)
    if reading is None:
        value = _in_words(text, own, signs, lexicon)
        reading = score_with_reason(text) if value is None else Chosen(value)
    if not isinstance(reading, Chosen):
        return reading
    return _checked(reading, scale, own, signs, lexicon)


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
    if own.stated.get(_bare(rest.text)) == reading.value:
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
