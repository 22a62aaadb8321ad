"""The archive keeps a revision for each thing that is said, adds formats to one that says the same, and shuts links."""

from datetime import timedelta

import pytest

from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.reports.archive import (
    FreshReport,
    KeptReport,
    SharedLink,
    archive_needs,
    give_out,
    keep_report,
    link_to,
    named_in_link,
    opened_by_link,
    revoke_links,
    share_report,
)
from bot.signed_links import LinkPurpose, Links
from scoring.values import replace
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, archived_id
from storage.model.records import Member, StoredFile
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes, Record
from tests.handlers.reports.fresh import fresh, page
from tests.support.stage.scene import NOW, POLICY, scene

SIGNING = replace(POLICY, links=Links("https://example.com", b"k" * 32))


def kept(made: FreshReport, *there: Record, by: str = "王经理") -> tuple[KeptReport, Changes]:
    """Keep a report beside what is there; give what is answered, and what is written."""
    decided = keep_report(scene(*there), made, by)
    assert isinstance(decided.answer, KeptReport)
    return decided.answer, decided.changes


def stored(changes: Changes) -> tuple[Record, ...]:
    """Return rows as they are read once they are written."""
    return tuple(
        replace(one, version=one.version + 1) if isinstance(one, ArchivedReport) else one for one in changes.records
    )


def test_the_first_making_is_revision_one_with_its_files_and_a_line_of_the_audit_log() -> None:
    answer, changes = kept(fresh(files=(page(), page(b"a,b\n", "csv"))))
    files = [one for one in changes.records if isinstance(one, StoredFile)]
    assert [one.content for one in files] == [b"<title>October</title>", b"a,b\n"]
    assert answer.created
    assert (answer.report.number, answer.report.by, answer.report.at) == (1, "王经理", NOW)
    assert [(one.format, one.hash, one.size) for one in answer.files] == [
        ("html", files[0].hash, 22),
        ("csv", files[1].hash, 4),
    ]
    (line,) = [one for one in changes.records if isinstance(one, AuditEntry)]
    assert (line.action, line.subject, line.by) == ("report.archived", answer.report.id, "王经理")


def test_the_same_again_changes_nothing_whenever_it_is_made() -> None:
    first, changes = kept(fresh())
    again, nothing = kept(fresh(latest=1, files=(page(b"<title>made later</title>"),)), *stored(changes))
    assert not nothing
    assert not again.created
    assert (again.report.id, again.files) == (first.report.id, first.files)


def test_another_format_is_added_to_the_revision_that_says_the_same() -> None:
    first, changes = kept(fresh())
    both, more = kept(fresh(latest=1, files=(page(), page(b"a,b\n", "csv"))), *stored(changes))
    assert both.report.id == first.report.id
    assert [one.format for one in both.files] == ["html", "csv"]
    assert [one.format for one in more.records if isinstance(one, ArchivedFile)] == ["csv"]
    assert not [one for one in more.records if isinstance(one, ArchivedReport)]


def test_what_says_something_else_is_the_next_revision() -> None:
    first, changes = kept(fresh())
    second, more = kept(fresh(latest=1, digest="another"), *stored(changes))
    assert (second.created, second.report.number) == (True, 2)
    assert second.report.id not in (first.report.id, "")
    assert [one.number for one in more.records if isinstance(one, ArchivedReport)] == [2]


def test_of_two_that_are_made_at_once_the_same_is_one_and_another_is_told() -> None:
    _, changes = kept(fresh())
    same, nothing = kept(fresh(), *stored(changes))  # neither had seen a revision
    assert (same.report.number, bool(nothing)) == (1, False)
    other = keep_report(scene(*stored(changes)), fresh(digest="another"), "王经理")
    assert isinstance(other.answer, Conflict)
    assert not other.changes


def test_what_is_needed_are_the_latest_and_the_next_revision() -> None:
    needed = archive_needs(fresh(latest=3))
    assert needed.archived == {archived_id("summary zh-Hans", "2026-10", number) for number in (3, 4)}
    assert needed.roster


def test_whoever_keeps_it_is_called_as_the_roster_spells_them() -> None:
    answer, _ = kept(fresh(), Member("王经理", "lead"), by=" 王经理 ")
    assert answer.report.by == "王经理"


def test_a_file_is_given_out_with_a_line_of_the_audit_log() -> None:
    answer, changes = kept(fresh())
    context = scene(*stored(changes))
    decided = give_out(context, answer.report.id, "html", "API")
    assert decided.answer == answer.files[0]
    (line,) = decided.changes.records
    assert isinstance(line, AuditEntry)
    assert (line.by, line.action) == ("API", "report.downloaded")
    assert answer.files[0].hash in line.detail
    for report, form in ((answer.report.id, "xlsx"), ("rep_none", "html")):
        refused = give_out(context, report, form, "API")
        assert isinstance(refused.answer, NotFound)
        assert not refused.changes


def test_a_link_names_the_report_and_the_number_of_its_links() -> None:
    answer, changes = kept(fresh())
    context = scene(*stored(changes), policy=SIGNING)
    decided = share_report(context, answer.report.id, "王经理", 7)
    assert isinstance(decided.answer, SharedLink)
    token = decided.answer.url.removeprefix("https://example.com/r/")
    purpose, subject = SIGNING.links.read(token, NOW + timedelta(days=6))
    assert purpose is LinkPurpose.REPORT
    assert named_in_link(subject) == answer.report.id
    assert opened_by_link(answer.report, subject)
    assert decided.answer.url == link_to(context, answer.report, 7)


def test_a_report_that_is_deleted_and_made_anew_is_opened_by_no_link_to_the_first() -> None:
    answer, _ = kept(fresh())
    context = scene(policy=SIGNING)
    url = link_to(context, answer.report, 7)
    _, subject = SIGNING.links.read(url.removeprefix("https://example.com/r/"), NOW)
    anew = replace(answer.report, at=NOW + timedelta(days=2))
    assert anew.id == named_in_link(subject)
    assert [opened_by_link(each, subject) for each in (answer.report, anew)] == [True, False]
    assert not opened_by_link(replace(answer.report, link_number=1), subject)


def test_links_given_before_are_shut_by_a_higher_number() -> None:
    answer, changes = kept(fresh())
    decided = revoke_links(scene(*stored(changes)), answer.report.id, "王经理")
    assert isinstance(decided.answer, ArchivedReport)
    assert decided.answer.link_number == 1
    actions = [one.action for one in decided.changes.records if isinstance(one, AuditEntry)]
    assert actions == ["report.links_revoked"]


@pytest.mark.parametrize("days", [-1, 0, 367, 10_000])
def test_a_link_for_too_short_or_too_long_is_refused(days: int) -> None:
    answer, changes = kept(fresh())
    refused = share_report(scene(*stored(changes)), answer.report.id, "王经理", days)
    assert isinstance(refused.answer, Invalid)
    assert refused.answer.field == "days"


def test_what_has_no_page_is_not_shared_and_what_is_not_there_neither() -> None:
    answer, changes = kept(fresh(files=(page(b"a,b\n", "csv"),)))
    context = scene(*stored(changes))
    for report in (answer.report.id, "rep_none"):
        assert isinstance(share_report(context, report, "王经理", 7).answer, NotFound)
    assert isinstance(revoke_links(context, "rep_none", "王经理").answer, NotFound)
