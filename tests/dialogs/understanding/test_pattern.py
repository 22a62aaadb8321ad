"""Patterns of wishes: what fits which row of lists, and that looking for the words first leaves out no wish."""

import pytest

from bench.understanding.measure import PHRASES, phrases_in
from config.locale.words import load_lexicon
from dialogs.understanding.lexicon import Intent, Lexicon, WordTables
from dialogs.understanding.pattern import Pattern
from dialogs.understanding.survey_words import SurveyWords
from dialogs.understanding.word_graph import after_separators, word_graph

LISTS = {"no": ("no", "not"), "send": ("send", "write"), "thing": ("mail",), "around.soft": ("please",)}
TOYS = Lexicon(WordTables(lists=LISTS))


def _fits(pattern: str, text: str) -> bool:
    graph = word_graph(TOYS.fold(text).text, TOYS, SurveyWords())
    return Pattern(pattern).fits(graph, 0)


@pytest.mark.parametrize(
    ("pattern", "text", "is_fit"),
    [
        ("no send", "no send", True),
        ("no send", "not please write", True),
        ("no send", "send no", False),
        ("no send", "no", False),
        ("no? send", "send", True),
        ("no? send", "no send", True),
        ("no? send", "no no send", False),
        ("no* send", "no no send", True),
        ("no* send", "send", True),
        ("no+ send", "send", False),
        ("no+ send", "no no send", True),
        ("no send|thing", "no mail", True),
        ("no send thing?", "no send mail", True),
        ("no send thing?", "no send this", False),
    ],
)
def test_a_row_of_lists_fits_a_chain_of_words(pattern: str, text: str, *, is_fit: bool) -> None:
    assert _fits(pattern, text) == is_fit


@pytest.mark.parametrize(
    ("pattern", "present", "might"),
    [
        ("no send", {"no", "send"}, True),
        ("no send", {"no"}, False),
        ("no send", set[str](), False),
        ("no? send*", set[str](), True),
        ("no+ send?", {"send"}, False),
        ("no|send thing", {"send", "thing"}, True),
        ("no|send thing", {"send"}, False),
    ],
)
def test_only_where_every_list_that_is_needed_has_a_word_might_it_fit(
    pattern: str, present: set[str], *, might: bool
) -> None:
    assert Pattern(pattern).may_fit(frozenset(present)) == might


def _looked_for_at_length(lexicon: Lexicon, text: str) -> Intent | None:
    """Return the first intent one of whose patterns fits, each being tried."""
    folded = lexicon.fold(text).text
    graph, start = word_graph(folded, lexicon, SurveyWords()), after_separators(folded, 0)
    return next((intent for intent, pattern in lexicon.patterns if pattern.fits(graph, start)), None)


@pytest.mark.proof
def test_whoever_tries_every_pattern_finds_the_same_wish() -> None:
    lexicon = load_lexicon()
    found = set[Intent | None]()
    for phrase in [phrase for path in PHRASES for phrase in phrases_in(path)][::3]:
        folded = lexicon.fold(phrase.text).text
        wish = lexicon.wish(word_graph(folded, lexicon, SurveyWords()), after_separators(folded, 0))
        assert wish is _looked_for_at_length(lexicon, phrase.text), phrase.text
        found.add(wish)
    assert found == {None, *Intent}
