"""One look loads what was asked for and what hangs on it."""

import asyncio
from datetime import datetime

import asyncpg
import pytest

from dialogs.campaign.model import Campaign, CampaignKind, CampaignState, Run, RunState, Target
from dialogs.ids import ref_of
from dialogs.interview.model import InterviewState
from dialogs.invitation.model import InvitationState
from dialogs.issue.card_text import short_number
from dialogs.issue.model import Issue, IssueKind, IssueState
from dialogs.messages import Address, Prompt
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.note_keys import campaign_chat_key, typing_key
from storage.model.records import Contact, Member, Note, Ticket, TicketStatus, Token, Window
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer
from tests.storage.samples import NOW, asked, inbox_row, issue, look, message, person, save, soon
from tests.support.time.patience import PATIENCE


@pytest.fixture
async def mei(writer: Writer) -> None:
    """Mei, with an interview and an issue about it, and Bo, who has the same."""
    for name, ticket in (("mei", "42"), ("bo", "43")):
        await save(writer, *person(name, ticket), *asked(name, ticket), issue(f"iss_{name}", name, ticket))


def assert_all_of_mei(rows: Snapshot) -> None:
    assert rows.customer("c-mei") is not None
    assert [contact.chat for contact in rows.contacts("c-mei")] == ["chat-mei"]
    assert [invitation.id for invitation in rows.invitations("c-mei")] == ["inv_42"]
    assert [interview.id for interview in rows.open_interviews("c-mei")] == ["int_42"]
    assert [found.id for found in rows.issues_of_customer("c-mei")] == ["iss_mei"]
    assert [found.id for found in rows.issues_of_ticket("desk", "42")] == ["iss_mei"]
    assert rows.ticket("desk", "42") is not None
    assert rows.interview_of("inv_42") is not None
    assert rows.customer("c-bo") is None
    assert rows.interview("int_43") is None


@pytest.mark.usefixtures("mei")
@pytest.mark.parametrize(
    "needs",
    [
        Needs(customers=frozenset({"c-mei"})),
        Needs(addresses=frozenset({Address("telegram", "chat-mei")})),
        Needs(tickets=frozenset({("desk", "42")})),
        Needs(invitations=frozenset({"inv_42"})),
        Needs(interviews=frozenset({"int_42"})),
        Needs(issues=frozenset({"iss_mei"})),
    ],
    ids=["customer", "address", "ticket", "invitation", "interview", "issue"],
)
async def test_everything_about_a_customer_comes_by_whichever_way_they_are_named(writer: Writer, needs: Needs) -> None:
    assert_all_of_mei(await look(writer, needs))


@pytest.mark.usefixtures("mei")
async def test_a_message_leads_to_its_customer_and_to_what_it_is_about(writer: Writer) -> None:
    await save(writer, message("out_1"), replace(message("out_2", None), about=ref_of("iss_mei"), receipt="9"))
    by_id = await look(writer, Needs(messages=frozenset({"out_1"})))
    by_receipt = await look(writer, Needs(receipts=frozenset({("telegram", "team", "9")})))
    assert by_id.message("out_1") is not None
    assert by_receipt.message_with("telegram", "team", "9") == by_receipt.message("out_2")
    for rows in (by_id, by_receipt):
        assert_all_of_mei(rows)


@pytest.mark.usefixtures("mei")
async def test_a_receipt_means_the_message_itself_and_not_its_edits(writer: Writer) -> None:
    root = replace(message("out_9"), receipt="9")
    await save(writer, root, replace(message("out_1", edits="out_9"), receipt="9"))
    rows = await look(writer, Needs(receipts=frozenset({("telegram", "chat-mei", "9")})))
    assert rows.message("out_9") is not None
    assert rows.message("out_1") is None


@pytest.mark.usefixtures("mei")
async def test_a_token_leads_to_its_customer(writer: Writer) -> None:
    await save(writer, Token("hash", "c-mei", "telegram", NOW, soon(days=1)))
    rows = await look(writer, Needs(tokens=frozenset({"hash"})))
    assert rows.token("hash") is not None
    assert_all_of_mei(rows)


@pytest.mark.usefixtures("mei")
async def test_a_familys_phone_leads_to_everybody_in_the_family(writer: Writer) -> None:
    await save(writer, Contact("c-bo", "telegram", "chat-mei"))
    rows = await look(writer, Needs(addresses=frozenset({Address("telegram", "chat-mei")})))
    assert {contact.customer for contact in rows.contacts_at(Address("telegram", "chat-mei"))} == {"c-mei", "c-bo"}
    assert rows.interview("int_42") is not None
    assert rows.interview("int_43") is not None


async def test_words_in_a_chat_where_a_campaign_asks_bring_the_campaign_its_follower_and_the_roster(
    writer: Writer,
) -> None:
    campaign = Campaign("cam_1", "致歉", CampaignKind.NOTICE, NOW)
    key = typing_key("telegram", "900")
    await save(
        writer, campaign, Note(key, "cam_1", NOW), Note(campaign_chat_key("cam_1"), "{}", NOW), Member("li", "admin")
    )
    rows = await look(writer, Needs(notes=frozenset({key})))
    assert rows.campaign("cam_1") == replace(campaign, version=1)
    assert rows.note(campaign_chat_key("cam_1")) is not None
    assert [member.name for member in rows.roster()] == ["li"]


async def test_what_was_heard_noted_and_who_is_on_the_team_comes_by_key(writer: Writer) -> None:
    await save(writer, inbox_row(), Note("poll", "77", NOW), Member("li", "lead"))
    needs = Needs(inbox=frozenset({"telegram:1", "telegram:2"}), notes=frozenset({"poll"}), roster=True)
    rows = await look(writer, needs)
    assert rows.inbox_row("telegram:1") == inbox_row()
    assert rows.inbox_row("telegram:2") is None
    assert rows.note("poll") == Note("poll", "77", NOW, 1)
    assert [member.name for member in rows.roster()] == ["li"]
    assert (await look(writer, Needs())).roster() == []


async def test_a_ticket_brings_all_its_closings_and_a_customer_only_those_that_matter(writer: Writer) -> None:
    customer, contact, ticket = person()
    new, _ = asked()
    scheduled = replace(new, id="inv_3", closing=3, state=InvitationState.SCHEDULED, asked_at=None)
    suppressed = replace(new, id="inv_4", closing=4, state=InvitationState.SUPPRESSED, asked_at=None)
    old = replace(new, id="inv_0", closing=5, asked_at=soon(days=-31))
    old_but_open = replace(new, id="inv_5", closing=6, asked_at=soon(days=-31))
    talk = replace(asked()[1], invitation="inv_0", state=InterviewState.COMPLETED)
    still = replace(talk, id="int_5", invitation="inv_5", state=InterviewState.INVITED)
    await save(writer, customer, contact, ticket, new, scheduled, suppressed, old, old_but_open, talk, still)
    mattering = await look(writer, Needs(customers=frozenset({"c-mei"})))
    assert {found.id for found in mattering.invitations("c-mei")} == {"inv_42", "inv_3", "inv_5"}
    all_of_ticket = await look(writer, Needs(tickets=frozenset({("desk", "42")})))
    assert [found.closing for found in all_of_ticket.invitations_of("desk", "42")] == [5, 3, 4, 1, 6]
    assert all_of_ticket.interview("int_42") is not None


@pytest.mark.usefixtures("mei")
async def test_settled_issues_stay_away_unless_they_are_named(writer: Writer) -> None:
    rows = await look(writer, Needs(issues=frozenset({"iss_mei"})))
    found = rows.issue("iss_mei")
    assert found is not None
    await save(writer, replace(found, state=IssueState.CLOSED))
    assert (await look(writer, Needs(customers=frozenset({"c-mei"})))).issues() == []
    assert [one.id for one in (await look(writer, Needs(issues=frozenset({"iss_mei"})))).issues()] == ["iss_mei"]


@pytest.mark.usefixtures("mei")
async def test_a_merged_issue_brings_the_one_it_goes_on_in(writer: Writer) -> None:
    last = replace(issue("iss_3", "bo", "43"), kind=IssueKind.MANUAL)
    middle = replace(issue("iss_2"), state=IssueState.CLOSED, merged_into="iss_3")
    first = replace(issue("iss_1"), state=IssueState.CLOSED, merged_into="iss_2")
    await save(writer, first, middle, last)
    rows = await look(writer, Needs(issues=frozenset({"iss_1"})))
    assert {found.id for found in rows.issues()} >= {"iss_1", "iss_2", "iss_3"}
    assert rows.customer("c-bo") is not None


@pytest.mark.usefixtures("mei")
async def test_an_issue_of_two_customers_brings_both_of_them(writer: Writer) -> None:
    shared = replace(
        issue("iss_2"),
        customers=("c-mei", "c-bo"),
        tickets=(("desk", "42"), ("desk", "43")),
        responses=("int_42", "int_43"),
    )
    await save(writer, shared)
    rows = await look(writer, Needs(customers=frozenset({"c-mei"})))
    assert rows.customer("c-bo") is not None
    assert rows.ticket("desk", "43") is not None
    assert rows.interview("int_43") is not None
    assert rows.contacts("c-bo") == []  # the row alone, not what hangs on it


@pytest.mark.usefixtures("mei")
async def test_the_days_cards_come_without_everybody_on_them(writer: Writer) -> None:
    today = replace(issue("iss_today", kind=IssueKind.CALL), state=IssueState.CLOSED)
    open_still = replace(issue("iss_open", kind=IssueKind.CALL), opened_at=soon(days=-9))
    long_ago = replace(issue("iss_old", kind=IssueKind.CALL), opened_at=soon(days=-3), state=IssueState.CLOSED)
    await save(writer, today, open_still, long_ago, replace(message("card", None), about=ref_of("iss_today")))
    rows = await look(writer, Needs(call_days=frozenset({"card"})))
    assert {found.id for found in rows.issues()} == {"iss_today", "iss_open"}
    assert rows.message("card") is not None
    assert rows.customer("c-mei") is None


async def test_an_unknown_name_finds_nothing_and_hurts_nobody(writer: Writer) -> None:
    strange = 'Robert\'); DROP TABLE customers;-- \\ " 🙂 ["]'
    rows = await look(
        writer,
        Needs(
            inbox=frozenset({strange}),
            addresses=frozenset({Address(strange, strange)}),
            tickets=frozenset({(strange, strange)}),
            receipts=frozenset({(strange, strange, "")}),
            issues=frozenset({strange}),
        ),
    )
    assert rows.inbox_row(strange) is None
    await save(writer, *person())


async def test_a_name_with_any_sign_in_it_is_found_again(writer: Writer) -> None:
    strange = "a'b\"c\\d[]{}🙂 é\n"
    customer, *_ = person()
    ticket = Ticket(strange, strange, "c-mei", TicketStatus.OPEN)
    await save(writer, customer, Contact("c-mei", "web", strange), ticket, inbox_row(strange))
    needs = Needs(
        inbox=frozenset({strange}),
        addresses=frozenset({Address("web", strange)}),
        tickets=frozenset({(strange, strange)}),
    )
    rows = await look(writer, needs)
    assert rows.inbox_row(strange) == inbox_row(strange)
    assert rows.ticket(strange, strange) is not None
    assert [contact.chat for contact in rows.contacts_at(Address("web", strange))] == [strange]


@pytest.mark.usefixtures("mei")
async def test_an_occurrence_at_a_whole_second_is_found_by_its_key(writer: Writer) -> None:
    at = NOW.replace(microsecond=0)
    campaign = Campaign("cam_1", "month end", CampaignKind.SURVEY, at, state=CampaignState.RUNNING, occurrence=at)
    await save(writer, campaign, Run("cam_1", at, RunState.RUNNING), Target("cam_1", at, "c-mei"))
    rows = await look(writer, Needs(campaigns=frozenset({"cam_1"}), targets=frozenset({("cam_1", at, "c-mei")})))
    assert rows.run("cam_1", at) is not None
    assert rows.target("cam_1", at, "c-mei") is not None


@pytest.mark.usefixtures("mei")
async def test_what_is_put_off_to_its_deadline_is_found_when_surveys_go_on(writer: Writer) -> None:
    rows = await look(writer, Needs(customers=frozenset({"c-mei"})))
    (before,) = rows.invitations("c-mei")
    waits = replace(before, state=InvitationState.SCHEDULED, reason=None, due_at=NOW, wake_at=before.deadline_at)
    await save(writer, waits)
    assert [one.id for one in (await look(writer, Needs(waiting=True))).waiting()] == [before.id]


QUESTION = "李工，请回复这条消息（#S_MEI）。"


@pytest.mark.usefixtures("mei")
@pytest.mark.parametrize(
    ("status", "receipt", "is_found"),
    [
        (SendingState.LEASED, "", True),
        (SendingState.PENDING, "", True),
        (SendingState.UNKNOWN, "", True),
        (SendingState.DEAD, "", False),
        (SendingState.SENT, "8", False),
    ],
)
async def test_a_message_is_known_by_its_words_while_nobody_knows_its_id_there(
    writer: Writer, status: SendingState, receipt: str, *, is_found: bool
) -> None:
    until = NOW if status is SendingState.LEASED else None
    ours = replace(message("out_2", None), prompt=Prompt(QUESTION), receipt=receipt, status=status, leased_until=until)
    await save(writer, ours)
    quoted = ("telegram", "team", "7", ())
    rows = await look(writer, Needs(receipts=frozenset({quoted[:3]}), quoted=frozenset({quoted})))
    found = rows.message_saying(Address("telegram", "team"), f" {QUESTION}\n")
    assert (found.id if found is not None else None) == ("out_2" if is_found else None)
    assert rows.message_saying(Address("telegram", "team"), "something else") is None
    assert rows.message_saying(Address("telegram", "chat-mei"), QUESTION) is None


@pytest.mark.usefixtures("mei")
async def test_a_message_sent_twice_is_known_by_the_issue_whose_number_it_has(writer: Writer) -> None:
    ours = replace(message("out_2", None), prompt=Prompt(QUESTION), receipt="8", about=ref_of("iss_mei"))
    await save(writer, replace(ours, status=SendingState.SENT, sent_at=NOW))
    first_copy = ("telegram", "team", "7", (short_number("iss_mei"),))
    rows = await look(writer, Needs(receipts=frozenset({first_copy[:3]}), quoted=frozenset({first_copy})))
    found = rows.message_saying(Address("telegram", "team"), QUESTION)
    assert found is not None
    assert rows.about(Issue, found.about) == rows.issue("iss_mei")
    assert rows.issue("iss_mei") is not None


_SOMEBODY_WAITS = """
DO $$ BEGIN
    WHILE NOT EXISTS (
        SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
    ) LOOP
        PERFORM pg_sleep(0.005), pg_stat_clear_snapshot();
    END LOOP;
END $$
"""


async def test_what_is_counted_in_a_chat_is_read_when_no_other_process_changes_it_any_more(
    migrated_postgres: str,
) -> None:
    place, seen = Address("telegram", "chat-mei"), list[int]()

    def one_more(snapshot: Snapshot, _now: datetime) -> Decision[None]:
        window = snapshot.window(place)
        seen.append(window.typed_used)
        return Decision(Changes((replace(window, typed_used=window.typed_used + 1),)), None)

    async with Store.open(migrated_postgres) as store:
        writer = Writer(store, lambda: NOW)
        await save(writer, *person("mei", "42"), Window("telegram", "chat-mei", NOW, 1))
        other = await asyncpg.connect(migrated_postgres)
        async with other.transaction():
            await other.execute("SELECT FROM customers WHERE id = 'c-mei' FOR NO KEY UPDATE")
            needs = Needs(customers=frozenset({"c-mei"}), windows=frozenset({place}))
            deciding = asyncio.create_task(writer.decide(Job(needs, one_more)))
            await other.execute(_SOMEBODY_WAITS, timeout=PATIENCE)
            await other.execute("UPDATE windows SET typed_used = 2, version = version + 1")
        await deciding
        assert seen == [2], "decided once, on what the other process had written"
        assert (await look(writer, needs)).window(place).typed_used == 3
        await other.close()
        await writer.stop()
