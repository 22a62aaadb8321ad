"""Whatever is changed of a published revision is found; what was published one after the other is not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scoring.values import replace
from storage.model.publications import Publication, content_digest, publication_id
from storage.unit_of_work.writer import Writer
from storage.verification.verify import verify_database
from tests.storage.sample_sheets import full_publication
from tests.storage.samples import NOW, save

DAY = timedelta(days=1)
UNCHANGED = "What was published about a period is what its digest says"
FOLLOWS = "A revision of a published period follows the one before, after the period is over"


def revision(number: int, **changed: Any) -> Publication:  # noqa: ANN401 (a field of any type)
    """Return a revision of October, published on the `number`-th day after it."""
    id_, reason = publication_id("figures", "2026-10", number), "" if number == 1 else "有变化"
    since, until = datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 10, 31, 16, tzinfo=UTC)
    made = replace(full_publication(NOW), id=id_, number=number, reason=reason, since=since, until=until)
    return replace(made, at=until + number * DAY, **changed) if "at" not in changed else replace(made, **changed)


async def broken(url: str, writer: Writer, revisions: Sequence[Publication]) -> list[tuple[str, str]]:
    """Store revisions, and return what is found: the promise, and which one breaks it."""
    await save(writer, *revisions)
    found = await verify_database(url, NOW)
    return [(one.promise, one.row) for one in found.violations if one.table == "publications"]


async def test_revisions_that_follow_each_other_break_nothing(url: str, writer: Writer) -> None:
    scores = revision(1, id="pub_scores", about="department")
    year = revision(1, id="pub_year", period="2025", until=NOW - 300 * DAY)
    assert await broken(url, writer, [revision(1), revision(2), revision(3), scores, year]) == []


@pytest.mark.some(4)
@pytest.mark.parametrize(
    ("revisions", "promise", "number"),
    [
        ([revision(1, content="[]")], UNCHANGED, 1),
        ([revision(1, content=revision(1).content + " ")], UNCHANGED, 1),
        ([revision(1, digest=content_digest("[]"))], UNCHANGED, 1),
        ([revision(1), revision(2, digest="")], UNCHANGED, 2),
        ([revision(2)], FOLLOWS, 2),
        ([revision(1), revision(3)], FOLLOWS, 3),
        ([revision(1), revision(2, about="department")], FOLLOWS, 2),
        ([revision(1), revision(2, period="2026-09")], FOLLOWS, 2),
        ([revision(1), revision(2, reason="")], FOLLOWS, 2),
        ([revision(1), revision(2, at=revision(1).at - timedelta(seconds=1))], FOLLOWS, 2),
        ([revision(1, at=revision(1).until - timedelta(seconds=1))], FOLLOWS, 1),
        ([revision(0, reason="有变化")], FOLLOWS, 0),
    ],
    ids=[
        "another content",
        "a blank more",
        "another digest",
        "no digest",
        "the first is gone",
        "the second is gone",
        "of something else",
        "of another period",
        "without a reason",
        "before the one before",
        "before the end of the period",
        "a number that there is not",
    ],
)
async def test_what_was_changed_by_hand_is_found(
    url: str, writer: Writer, revisions: Sequence[Publication], promise: str, number: int
) -> None:
    assert await broken(url, writer, revisions) == [(promise, publication_id("figures", "2026-10", number))]
