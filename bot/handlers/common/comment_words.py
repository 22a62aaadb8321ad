"""The words by which comments are read: loaded when they are first needed, since most processes never read one."""

from collections.abc import Callable
from functools import cached_property

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

    To load it takes half a second: where others wait, touch `reader` in a thread first.
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
    def masker(self) -> Masker:
        """Masks what tells who wrote something."""
        return self._rules.masker()

    @cached_property
    def mining(self) -> MiningRules:
        """The rules by which new phrases are looked for."""
        return self._rules.mining()

    def with_mapped(self, mapped: tuple[MappedPhrase, ...]) -> "CommentVocabulary":
        """Return the same words with other mapped phrases."""
        return CommentVocabulary(lambda: self.lexicons, self._rules, mapped)

    def with_lexicons(self, lexicons: Lexicons) -> "CommentVocabulary":
        """Return other words with the same mapped phrases."""
        return CommentVocabulary(lambda: lexicons, self._rules, self.mapped)
