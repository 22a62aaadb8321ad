"""The words by which comments are read: loaded when they are first needed, since most processes never read one."""

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from scoring.text.comment_judge import CommentJudge
from scoring.text.known_sentences import NO_ENCODER, EncoderMark, KnownSentences
from scoring.text.lexicons import Lexicons
from scoring.text.masker import Masker
from scoring.text.phrase_miner import MiningRules
from scoring.text.text_reader import TextReader
from scoring.values import Value

__all__ = ["CommentVocabulary", "MappedPhrase", "VocabularyRules"]

MappedPhrase = tuple[str, str, int]
"""A phrase, its dimension, and -1, 0 or 1."""


def _no_mark() -> EncoderMark:
    return NO_ENCODER


def _no_file() -> None:
    return None


class VocabularyRules(Value):
    """What loads the rules of masking and of looking for phrases, and tells the encoder in force and its file."""

    masker: Callable[[], Masker] = Masker
    mining: Callable[[], MiningRules] = MiningRules
    mark: Callable[[], EncoderMark] = _no_mark
    encoder: Callable[[], Path | None] = _no_file


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
        self._load, self.rules, self.mapped = load, rules or VocabularyRules(), mapped

    @cached_property
    def lexicons(self) -> Lexicons:
        """The words of the product and of the owner's files."""
        return self._load()

    @cached_property
    def reader(self) -> TextReader:
        """Reads comments by all of them."""
        return TextReader(self.lexicons.with_phrases(self.mapped))

    def judge(self, sentences: KnownSentences) -> CommentJudge:
        """Return what judges whole comments: by the words, the weights beside them, and what is known of sentences."""
        return CommentJudge(self.reader, sentences)

    def mark(self) -> EncoderMark:
        """Return by what the encoder in force is known; it reads the beginning of a file. Raises ConfigErrors."""
        return self.rules.mark()

    @cached_property
    def masker(self) -> Masker:
        """Masks what tells who wrote something."""
        return self.rules.masker()

    @cached_property
    def mining(self) -> MiningRules:
        """The rules by which new phrases are looked for."""
        return self.rules.mining()

    def with_mapped(self, mapped: tuple[MappedPhrase, ...]) -> "CommentVocabulary":
        """Return the same words with other mapped phrases."""
        is_loaded = "lexicons" in self.__dict__
        return CommentVocabulary(partial(_same, self.lexicons) if is_loaded else self._load, self.rules, mapped)

    def with_lexicons(self, lexicons: Lexicons) -> "CommentVocabulary":
        """Return other words with the same mapped phrases."""
        return CommentVocabulary(partial(_same, lexicons), self.rules, self.mapped)

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process is given: nothing that is made of the words."""
        return {name: value for name, value in self.__dict__.items() if name not in _MADE}


_MADE = frozenset({"reader", "masker", "mining"})


def _same(lexicons: Lexicons) -> Lexicons:
    return lexicons
