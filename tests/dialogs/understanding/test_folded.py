"""A word of a list is folded by a quicker way than a text, and both are the same folding."""

from hypothesis import given
from hypothesis import strategies as st

from config.locale.words import word_tables
from dialogs.understanding.folded import make_spelling

TABLES = word_tables()
SPELLING = make_spelling(TABLES.simplified, TABLES.typos)
_PIECES = st.one_of(
    st.sampled_from(sorted(TABLES.typos)),
    st.sampled_from("aaabBé'’ʼ １④㈣½²ﬀ…!。繁體們師ß\u200b\n"),
    st.characters(),
)


def test_each_word_of_the_lists_is_folded_as_a_text_is() -> None:
    words = {word for words in TABLES.lists.values() for word in words}
    assert [word for word in words if SPELLING.folded_word(word) != SPELLING.fold(word).text] == []


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_anything_is_folded_as_a_text_is(word: str) -> None:
    assert SPELLING.folded_word(word) == SPELLING.fold(word).text


def test_a_wrong_word_in_letters_is_one_only_alone_and_any_other_wherever_it_stands() -> None:
    spelling = make_spelling({}, {"teh": "the", "的的": "的", "vx号": "微信号"})
    assert spelling.fold("teh tehn 好的的vx号teh").text == "the tehn 好的微信号teh"
