"""Lists are read page by page, and no filter or cursor loses or doubles a line."""

from itertools import product

import pytest

from dialogs.interview.model import Answer, Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationState, status_of
from dialogs.issue.model import IssueState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import IssueEvent
from storage.model.text_records import CommentReading
from storage.reads.listings import IssueFilter, Page, Response, ResponseFilter, list_issues, list_responses
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, asked, issue, person, save, soon

ANY = ResponseFilter()


async def save_responses(writer: Writer, count: int) -> None:
    for number in range(count):
        invitation, interview = asked("mei", str(number))
        await save(writer, *(person("mei", str(number)) if number == 0 else person("mei", str(number))[2:]))
        await save(writer, invitation, replace(interview, asked_at=soon(minutes=number // 2)))


def ids(page: Page[Response]) -> list[str]:
    return [item.interview.id for item in page.items]


async def test_pages_follow_one_another_without_gap_or_double(store: Store, writer: Writer) -> None:
    await save_responses(writer, 7)
    seen, cursor = [], None
    for size in (3, 3, 1):
        page = await list_responses(store, ANY, cursor, 3)
        assert len(page.items) == size
        seen += ids(page)
        cursor = page.next
    assert cursor is None
    assert seen == [f"int_{number}" for number in range(7)]
    assert (await list_responses(store, ANY, None, 7)).next is None


async def test_what_is_asked_meanwhile_comes_on_a_later_page(store: Store, writer: Writer) -> None:
    await save_responses(writer, 2)
    first = await list_responses(store, ANY, None, 1)
    invitation, interview = asked("mei", "new")
    await save(writer, person("mei", "new")[2], invitation, replace(interview, asked_at=soon(hours=1)))
    rest = await list_responses(store, ANY, first.next, 9)
    assert ids(first) + ids(rest) == ["int_0", "int_1", "int_new"]


async def test_responses_are_found_by_ticket_customer_and_time(store: Store, writer: Writer) -> None:
    await save(writer, *person(), *asked())
    invitation, interview = asked("bo", "43")
    await save(writer, *person("bo", "43"), invitation, replace(interview, asked_at=soon(hours=1)))
    found = {
        ResponseFilter(): ["int_42", "int_43"],
        ResponseFilter(ticket=("desk", "42")): ["int_42"],
        ResponseFilter(customer="c-bo"): ["int_43"],
        ResponseFilter(since=soon(hours=1)): ["int_43"],
        ResponseFilter(until=soon(hours=1)): ["int_42"],
        ResponseFilter(since=NOW, until=soon(hours=2), customer="c-mei", ticket=("desk", "42")): ["int_42"],
        ResponseFilter(customer="c-mei", ticket=("desk", "43")): [],
        ResponseFilter(status="started"): ["int_42", "int_43"],
        ResponseFilter(status="nonsense"): [],
    }
    for which, expected in found.items():
        assert ids(await list_responses(store, which, None, 9)) == expected


async def test_responses_are_found_by_what_their_comment_says_and_bring_what_was_read(
    store: Store, writer: Writer
) -> None:
    await save_responses(writer, 5)
    for number, polarity in enumerate((-1, 0, 1, None)):
        await save(writer, CommentReading(f"int_{number}", NOW, 1, 7, (), polarity, (("", polarity or 0, ("fee",)),)))
    for polarity, found in ((-1, ["int_0"]), (0, ["int_1"]), (1, ["int_2"])):
        assert ids(await list_responses(store, ResponseFilter(comment=polarity), None, 9)) == found
    assert ids(await list_responses(store, ResponseFilter(comment=-1, customer="c-bo"), None, 9)) == []
    page = await list_responses(store, ANY, None, 9)
    assert all(
        (one.reading is not None) is bool(one.interview.texts) for one in page.items if one.interview.id != "int_4"
    )


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WyIyMDI2IiwgMV0", "é", "////", "W251bGwsbnVsbF0", "a" * 5])
async def test_a_cursor_that_is_not_ours_is_a_clear_error(store: Store, cursor: str) -> None:
    with pytest.raises(ValueError, match="this cursor is not from here"):
        await list_responses(store, ANY, cursor, 9)
    with pytest.raises(ValueError, match="this cursor is not from here"):
        await list_issues(store, IssueFilter(), cursor, 9)


async def test_a_status_asked_for_means_what_the_core_calls_it(store: Store, writer: Writer) -> None:
    """Every invitation and interview that can be is found under the word of `status_of`, and under no other."""
    words: dict[str, set[str]] = {}
    await save(writer, person()[0])
    states = product(InvitationState, InterviewState, (True, False), (True, False))
    for number, (inviting, talking, is_sent, has_answers) in enumerate(states):
        invitation, interview = asked("mei", f"{number:03}")
        invitation = replace(invitation, state=inviting, sent_at=NOW if is_sent else None)
        interview = replace(interview, state=talking, answers=(Answer("speed", 5, NOW),) if has_answers else ())
        await save(writer, person("mei", f"{number:03}")[2], invitation, interview)
        words.setdefault(status_of(invitation, interview), set()).add(interview.id)
    for word, expected in words.items():
        assert set(ids(await list_responses(store, ResponseFilter(status=word), None, 999))) == expected


async def test_a_response_comes_with_what_it_answers(store: Store, writer: Writer) -> None:
    await save(writer, *person(), *asked())
    (item,) = (await list_responses(store, ANY, None, 9)).items
    assert isinstance(item.interview, Interview)
    assert isinstance(item.invitation, Invitation)
    assert item.interview.invitation == item.invitation.id


async def test_issues_are_found_by_status_ticket_and_time(store: Store, writer: Writer) -> None:
    closed = replace(issue("iss_2", "mei", "43"), state=IssueState.CLOSED, opened_at=soon(hours=1))
    await save(writer, issue(), closed, IssueEvent("iss_2", 1, NOW, "opened"))
    found = {
        IssueFilter(): ["iss_1", "iss_2"],
        IssueFilter(status=IssueState.CLOSED): ["iss_2"],
        IssueFilter(ticket=("desk", "42")): ["iss_1"],
        IssueFilter(since=soon(hours=1)): ["iss_2"],
        IssueFilter(IssueState.OPEN, ("desk", "43"), NOW): [],
    }
    for which, expected in found.items():
        assert [one.id for one in (await list_issues(store, which, None, 9)).items] == expected
    first = await Reader(store).issues(IssueFilter(), None, 1)
    second = await Reader(store).issues(IssueFilter(), first.next, 1)
    assert [view.issue.id for view in (*first.items, *second.items)] == ["iss_1", "iss_2"]
    assert [len(view.timeline) for view in (*first.items, *second.items)] == [0, 1]
