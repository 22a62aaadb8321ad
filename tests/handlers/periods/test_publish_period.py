"""A revision is stored once, by whoever may, after its period, and never in the place of another one."""

from datetime import timedelta
from typing import Any

import pytest

from bot.handlers.common.results import Conflict, Invalid
from bot.handlers.publish_period import PublishOutcome, needs, publish
from scoring.metrics.fact_changes import ChangeKind, FactChange, FactTally
from scoring.values import replace
from storage.model.publications import Publication, content_digest, publication_id
from storage.model.records import Member
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Record
from tests.storage.sample_sheets import full_publication
from tests.support.stage.scene import NOW, scene

OWNER, LEAD = Member("老板", "owner"), Member("王经理", "lead")
CELL = ("after_service", "care", "1-5", "4", "")


def revision(number: int = 1, n: int = 7, **changed: Any) -> Publication:  # noqa: ANN401 (a field of any type)
    """Return a revision of October that rests on so many ratings."""
    content = f'[{{"n": {n}}}]'
    made = replace(
        full_publication(NOW),
        id=publication_id("figures", "2026-10", number),
        number=number,
        content=content,
        digest=content_digest(content),
        tally=FactTally(("survey", "question"), ((CELL, n),)),
        inputs_digest=f"digest of {n}",
        reason="" if number == 1 else "迟到的答案",
        changes=(),
    )
    return replace(made, **changed)


def refusal(made: Publication, *there: Record) -> str:
    """Return why a revision is not stored, and that nothing is."""
    decision = publish(scene(*there), made)
    assert decision.changes.records == ()
    match decision.answer:
        case Conflict(detail):
            return detail
        case Invalid(field, problem):
            return f"{field} {problem}"
        case outcome:
            raise AssertionError(outcome)


def test_a_revision_is_stored_with_its_line_in_the_audit_log() -> None:
    decision = publish(scene(), revision(at=NOW - timedelta(days=9)))
    assert decision.answer == PublishOutcome(revision(at=NOW), created=True), "published now, not when it was computed"
    stored, line = decision.changes.records
    assert stored == revision(at=NOW)
    assert isinstance(line, AuditEntry)
    assert (line.by, line.action, line.subject) == ("王经理", "period.published", revision().id)
    assert revision().digest in line.detail


def test_what_is_needed_are_both_revisions_and_the_roster() -> None:
    wanted = needs(revision(2))
    assert wanted.publications == {publication_id("figures", "2026-10", number) for number in (1, 2)}
    assert wanted.roster


def test_the_next_revision_tells_what_has_changed() -> None:
    decision = publish(scene(revision()), revision(2, n=9))
    assert isinstance(decision.answer, PublishOutcome)
    assert decision.answer.publication.changes == (FactChange(ChangeKind.LATE, 2),)


@pytest.mark.parametrize(
    "again",
    [
        revision(),
        revision(n=9),
        revision(by=" 王 经理"),
        revision(rules="figures 2"),
        revision(at=NOW + timedelta(days=1)),
    ],
    ids=["the same", "with other inputs", "another spelling", "newer rules", "later"],
)
def test_the_same_again_changes_nothing_whatever_has_changed_meanwhile(again: Publication) -> None:
    decision = publish(scene(revision()), again)
    assert decision.answer == PublishOutcome(revision())
    assert decision.changes.records == ()


@pytest.mark.parametrize(
    "other",
    [
        revision(asked=("team", "agent")),
        revision(asked=()),
        revision(metrics=("nps",)),
        revision(by="李工"),
        revision(reason="另一个原因"),
    ],
    ids=["more cuts", "no cut", "another metric", "by another", "another reason"],
)
def test_another_one_of_the_same_number_is_refused(other: Publication) -> None:
    told = refusal(other, revision())
    assert told == (
        "Revision 1 of figures for 2026-10 was published otherwise, by 王经理, and stays as it is; publish revision 2."
    )


@pytest.mark.parametrize(
    ("made", "there", "expected"),
    [
        (
            revision(until=NOW + timedelta(seconds=1)),
            (),
            "2026-10 is not over before 2026-11-23T02:00:01Z: until then its figures are provisional",
        ),
        (revision(2), (), "There is no revision 1 of figures for 2026-10 to follow."),
        (revision(3), (revision(),), "There is no revision 2 of figures for 2026-10 to follow."),
        (revision(2, n=9, reason=""), (revision(),), "reason is missing; write why a new revision is published"),
        (revision(2), (revision(),), "Nothing has changed since revision 1: there is nothing new to publish."),
        (revision(), (LEAD,), "by is no admin or owner on the roster, and only those publish"),
        (revision(by="谁"), (OWNER,), "by is no admin or owner on the roster, and only those publish"),
        (revision(by="老板"), (replace(OWNER, role=""), LEAD), "by is no admin or owner on the roster"),
    ],
    ids=[
        "it goes on",
        "nothing to follow",
        "a number is left out",
        "without a reason",
        "nothing has changed",
        "by a lead",
        "by nobody",
        "by somebody who was taken off the roster",
    ],
)
def test_what_cannot_be_published_is_told(made: Publication, there: tuple[Record, ...], expected: str) -> None:
    assert refusal(made, *there).startswith(expected)


@pytest.mark.parametrize(
    "changed",
    [
        revision(2, inputs_digest="another"),
        revision(2, rules="figures 2"),
        revision(2, content="[]"),
    ],
    ids=["inputs", "rules", "words"],
)
def test_whatever_has_changed_may_be_published(changed: Publication) -> None:
    decision = publish(scene(revision()), changed)
    assert isinstance(decision.answer, PublishOutcome)
    assert decision.answer.created


def test_a_period_is_over_to_the_second() -> None:
    decision = publish(scene(), revision(until=NOW))
    assert isinstance(decision.answer, PublishOutcome)
    assert decision.answer.created


def test_whoever_publishes_is_known_as_the_roster_spells_them() -> None:
    decision = publish(scene(OWNER), revision(by="老 板"))
    assert isinstance(decision.answer, PublishOutcome)
    assert decision.answer.publication.by == "老板"
