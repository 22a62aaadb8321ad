"""The figures of `/report`, on both databases: those of `huifang report` over the last days."""

from datetime import timedelta
from fractions import Fraction

from bot.jobs.admin.admin_report import admin_report
from dialogs.interview.model import Answer, InterviewState
from scoring.metrics.figure import SampleSize
from scoring.rules import AlertWord, LowMean, LowRating
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import IssueEvent
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, asked, issue, person, save, soon
from tests.support.database.answered import rating_facts


async def _fifteen_are_asked(writer: Writer) -> None:
    """Ten answered, with means of 2 and 5, half of them ten days ago; five have not."""
    given = {"1": (2, 0), "2": (5, -10), "3": (None, 0)}
    for name, (value, days) in [(f"{key}{n}", one) for key, one in given.items() for n in range(5)]:
        invitation, interview = asked(name, name)
        at = NOW + timedelta(days=days)
        answers = (Answer("attitude", value, at),) if value is not None else ()
        state = InterviewState.COMPLETED if answers else InterviewState.INVITED
        customer, contact, ticket = person(name, name)
        await save(writer, customer, contact, replace(ticket, closed_at=at))
        await save(writer, replace(invitation, sent_at=at, closed_at=at))
        interview = replace(interview, asked_at=at, state=state, answers=answers)
        await save(writer, interview, *rating_facts(invitation, interview))


async def test_the_report_counts_a_week_and_a_month_and_says_of_how_many(store: Store, writer: Writer) -> None:
    await _fifteen_are_asked(writer)
    week, month = (await admin_report(Reader(store), soon(minutes=5))).periods
    for period, days, closed, answered in ((week, 7, 10, 5), (month, 30, 15, 10)):
        told = period.figures
        assert (period.days, told["closings"].n, told["asked"].n) == (days, closed, closed)
        assert (told["started_rate"].numerator, told["started_rate"].denominator) == (
            Fraction(answered),
            Fraction(closed),
        )
    survey = asked()[1].survey[0]
    assert [(dict(one.cut), one.people, one.value) for one in week.means] == [({"survey": survey}, 5, Fraction(2))]
    assert [(dict(one.cut), one.people, one.value) for one in month.means] == [({"survey": survey}, 10, Fraction(7, 2))]


async def test_the_median_time_to_claim_counts_first_claims_only(store: Store, writer: Writer) -> None:
    await save(writer, *person())
    for number, minutes in enumerate((10, 15, 20, 90, 95)):
        one = replace(issue(f"iss_{number}"), opened_at=NOW, reasons=(LowRating("attitude", 1, 2),))
        await save(writer, one, IssueEvent(one.id, 1, soon(minutes=minutes), "claimed", "li"))
    await save(writer, IssueEvent("iss_0", 2, soon(hours=9), "claimed", "zhang"))
    told = (await admin_report(Reader(store), soon(days=1))).periods[0].figures
    assert (told["low_scores"].value, told["time_to_claim"].n, told["time_to_claim"].value) == (
        Fraction(5),
        5,
        Fraction(20 * 60),
    )


async def test_a_word_that_looks_like_a_limit_is_no_low_score(store: Store, writer: Writer) -> None:
    """An owner may let any text alarm: only ratings and their mean count as low scores."""
    await save(writer, *person())
    reasons = {"iss_1": AlertWord("5 ≤ 6"), "iss_2": AlertWord('"mean '), "iss_3": AlertWord('"kind":"rating"')}
    for key, one in reasons.items():
        await save(writer, replace(issue(key), reasons=(one,)))
    await save(writer, replace(issue("iss_4"), reasons=(AlertWord("退款"), LowMean(2.5, 3))))
    assert (await admin_report(Reader(store), soon(days=1))).periods[0].figures["low_scores"].value == 1


async def test_nothing_is_told_without_a_number(store: Store) -> None:
    report = await admin_report(Reader(store), NOW)
    assert report.open_issues == {}
    for period in report.periods:
        told = period.figures
        assert (told["asked"].n, period.means) == (0, ())
        assert {told[one].state for one in ("started_rate", "time_to_claim")} == {SampleSize.EMPTY}
