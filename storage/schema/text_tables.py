"""The tables of what is read in the words of responses, and of the phrases that people decide about."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Text

from scoring.text.known_sentences import KeptSums
from storage.model.text_records import FoundPhrase, PhraseStanding, TextVerdict
from storage.schema.column_types import CompactInstant
from storage.schema.columns import (
    allowed_values,
    enum_column,
    index,
    instant_column,
    integer_column,
    json_column,
    key_column,
    table,
    text_column,
    version_column,
)

__all__ = ["comment_readings", "phrases"]

comment_readings = table(
    "comment_readings",
    Column("response", Text, ForeignKey("interviews.id"), primary_key=True),
    Column("at", CompactInstant, nullable=False),
    integer_column("seen"),
    integer_column("lexicon"),
    json_column("found", tuple[FoundPhrase, ...]),
    Column("polarity", Integer),
    json_column("verdicts", tuple[TextVerdict, ...]),
    integer_column("encoder"),
    json_column("sentences", tuple[KeptSums, ...]),
    index("ix_comment_readings_at_response", "at", "response"),
    index("ix_comment_readings_encoder_lexicon_at", "encoder", "lexicon", "at"),
    sqlite_with_rowid=False,
)
"""Only responses with words have one, written after the fact: answers pay nothing for it."""

phrases = table(
    "phrases",
    key_column("phrase"),
    enum_column("state", PhraseStanding),
    integer_column("people"),
    instant_column("at"),
    text_column("dimension"),
    integer_column("polarity"),
    text_column("by"),
    *version_column(),
    allowed_values("state", PhraseStanding),
    CheckConstraint("polarity BETWEEN -1 AND 1", name="polarity"),
    sqlite_with_rowid=False,
)
