"""The words by which comments are read: loaded when they are first needed, since most processes never read one."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

from scoring.text.comment_judge import CommentJudge
from scoring.text.lexicons import Lexicons
from scoring.text.masker import Masker
from scoring.text.phrase_miner import MiningRules
from scoring.text.text_reader import TextReader
from scoring.values import Value

__all__ = ["CommentVocabulary", "MappedPhrase", "VocabularyRules"]

MappedPhrase = tuple[str, str, int]
"""A phrase, its dimension, and -1, 0 or 1."""


class VocabularyRules(Value):
    """What loads the rules of masking and of looking for phrases."""

    masker: Callable[[], Masker] = Masker
    mining: Callable[[], MiningRules] = MiningRules


class CommentVocabulary:
    """What the product and the owner's files say, and the phrases that people have mapped besides.

    To load it takes a second: where others wait, touch `reader` in a thread first. Another process gets the words as
    they were loaded here, and makes of them what it needs.
    """

    def __init__(
        self,
        load: Callable[[], Lexicons] = Lexicons,
        rules: VocabularyRules | None = None,
        mapped: tuple[MappedPhrase, ...] = (),
    ) -> None:
        self._load, self._rules, self.mapped = load, rules or VocabularyRules(), mapped

    @cached_property
    def lexicons(self) -> Lexicons:
        """The words of the product and of the owner's files."""
        return self._load()

    @cached_property
    def reader(self) -> TextReader:
        """Reads comments by all of them."""
        return TextReader(self.lexicons.with_phrases(self.mapped))

    @cached_property
    def judge(self) -> CommentJudge:
        """Judges whole comments: what the reader finds, and the weights that lie beside the words."""
        return CommentJudge(self.reader)

    @cached_property
    def masker(self) -> Masker:
        """Masks what tells who wrote something."""
        return self._rules.masker()

    @cached_property
    def mining(self) -> MiningRules:
        """The rules by which new phrases are looked for."""
        return self._rules.mining()

    def with_mapped(self, mapped: tuple[MappedPhrase, ...]) -> "CommentVocabulary":
        """Return the same words with other mapped phrases."""
        is_loaded = "lexicons" in self.__dict__
        return CommentVocabulary(partial(_same, self.lexicons) if is_loaded else self._load, self._rules, mapped)

    def with_lexicons(self, lexicons: Lexicons) -> "CommentVocabulary":
        """Return other words with the same mapped phrases."""
        return CommentVocabulary(partial(_same, lexicons), self._rules, self.mapped)

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process is given: nothing that is made of the words."""
        return {name: value for name, value in self.__dict__.items() if name not in _MADE}


_MADE = frozenset({"reader", "judge", "masker", "mining"})


def _same(lexicons: Lexicons) -> Lexicons:
    return lexicons
