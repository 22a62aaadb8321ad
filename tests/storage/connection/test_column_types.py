"""Instants come back as they were stored, sort as they follow each other, and take few bytes where rows are many."""

from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module

import msgspec
import pytest
from sqlalchemy import Dialect, make_url

from dialogs.interview.model import Answer, Clarification
from scoring.values import fields, replace
from storage.schema.column_types import AnswersJson, CompactInstant, Instant

short_answers = import_module("storage.migrations.versions.0034_small_rows").short_answers
MOMENTS = (
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, 59, 1, tzinfo=UTC),
    datetime(2026, 11, 22, 2, 30, tzinfo=UTC),
    datetime(2026, 11, 22, 2, 30, 0, 123_456, tzinfo=UTC),
    datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC),
)
_URLS = ("sqlite", "postgresql+asyncpg")
DIALECTS: dict[str, Dialect] = {name: make_url(f"{name}://").get_dialect()() for name in _URLS}
SHANGHAI = timezone(timedelta(hours=8))


@pytest.mark.parametrize("kind", [Instant(), CompactInstant()], ids=["text", "number"])
def test_an_instant_comes_back_and_sorts_as_it_is(kind: Instant | CompactInstant) -> None:
    encode, decode = kind.bind_processor(DIALECTS["sqlite"]), kind.result_processor(DIALECTS["sqlite"], None)
    assert decode is not None
    stored = [encode(moment) for moment in MOMENTS]
    assert [decode(one) for one in stored] == list(MOMENTS)
    assert sorted(stored) == stored
    assert [encode(moment.astimezone(SHANGHAI)) for moment in MOMENTS] == stored


@pytest.mark.parametrize("name", DIALECTS)
def test_an_instant_without_a_time_zone_is_refused(name: str) -> None:
    for kind in (Instant(), CompactInstant()):
        with pytest.raises(ValueError, match="without a time zone"):
            kind.bind_processor(DIALECTS[name])(datetime(2026, 11, 22, 2, 30))  # noqa: DTZ001 (that is the point)


PLAIN = Answer("care", 2, MOMENTS[3])
WHOLE = Answer(
    "care", 2, MOMENTS[4], "很慢", "78", 3, 4, declines=True, clarification=Clarification(4, 2, MOMENTS[4], confirmed=2)
)
ANSWERS: dict[str, tuple[Answer, ...]] = {
    "none": (),
    "ratings": (PLAIN, replace(PLAIN, question="speed", at=MOMENTS[2])),
    "a remark": (replace(PLAIN, text="很慢", source="78"), PLAIN),
    "words whose remark is gone": (replace(PLAIN, source="78", begins=2),),
    "importance, and none": (replace(PLAIN, importance=4), replace(PLAIN, importance=0), replace(PLAIN, declines=True)),
    "a question which is meant": (replace(PLAIN, clarification=Clarification(2, 4, MOMENTS[2])),),
    "everything": (WHOLE, replace(PLAIN, text="")),
}
NAMED = msgspec.json.Encoder().encode
"""As answers were stored before."""


@pytest.mark.parametrize("case", ANSWERS)
def test_answers_come_back_with_every_field(case: str) -> None:
    kind, dialect = AnswersJson(), DIALECTS["sqlite"]
    stored = kind.bind_processor(dialect)(ANSWERS[case])
    assert kind.result_processor(dialect, None)(stored) == ANSWERS[case]
    before = tuple(replace(one, clarification=None) for one in ANSWERS[case])
    assert short_answers(NAMED(before).decode()) == kind.bind_processor(dialect)(before)


def test_an_answer_has_no_field_that_is_not_stored() -> None:
    assert all(getattr(WHOLE, one.name) not in (None, "", 0, False) for one in fields(WHOLE))


def test_what_has_words_is_told_by_its_text() -> None:
    encode = AnswersJson().bind_processor(DIALECTS["sqlite"])
    silent = [case for case, answers in ANSWERS.items() if not any(one.text or one.source for one in answers)]
    assert [case for case, answers in ANSWERS.items() if ',"' not in encode(answers)] == silent
    assert len(encode(ANSWERS["ratings"])) < len(NAMED(ANSWERS["ratings"])) * 2 / 3
