"""What takes fewer bytes since then tells the same: answers, their history, messages that wait and that are over."""

from datetime import UTC, datetime, timedelta

import pytest

from dialogs.interview.model import Answer, Interview
from dialogs.invitation.model import Invitation
from dialogs.outbox.model import SendingState
from storage.connection.migrate import upgrade
from storage.connection.store import Store
from storage.model.records import AnswerLog, Contact, Customer, OutboxMessage
from storage.reads.outbox import pending
from storage.unit_of_work.selects import all_of
from tests.storage.migrations.sample import execute, fetch, upgrade_to

BEFORE = "0033_adjustments"
AT = datetime(2026, 11, 22, 2, 30, 0, 123456, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
ANSWERS = (
    Answer("care", 2, AT, "很'慢\"", "78", 1),
    Answer("speed", 5, AT.replace(microsecond=0), importance=4),
    Answer("skill", 3, LATER, importance=0, declines=True),
)
STORED = """[
{"question":"care","value":2,"at":"2026-11-22T02:30:00.123456Z","text":"很''慢\\"","source":"78","begins":1},
{"question":"speed","value":5,"at":"2026-11-22T02:30:00Z","text":null,"source":"","importance":4},
{"question":"skill","value":3,"at":"2026-11-22T03:30:00.123456Z","importance":0,"declines":true}]"""
ROWS = """
INSERT INTO customers (id, name, locale, timezone, tier, version, phone, email, postal_address)
VALUES ('c-mei', 'mei', '', '', 'gold', 1, '', '', '');
INSERT INTO contacts (customer, channel, chat, state, bound_at, version)
VALUES ('c-mei', 'telegram', '7', 'ok', '{at}', 1);
INSERT INTO invitations (id, source, ticket, closing, customer, survey, due_at, deadline_at, closed_at, state,
    agent_id, agent_name, team, by_hand, version, occasion, rule, entered_by)
VALUES ('inv_42', 'desk', '42', 1, 'c-mei', 'after_service', '{at}', '{at}', '{at}', 'asked', 'a17', '', 'north',
    {no}, 1, '', '', '');
INSERT INTO interviews (id, invitation, customer, channel, chat, survey, survey_number, locale, asked_at, expires_at,
    state, at, answers, skipped, remarks_asked, comment_source, misses, message, assessed, logged, shown, version,
    notice, said, undo, doubted, flags, comment_begins)
VALUES ('int_42', 'inv_42', 'c-mei', 'telegram', '7', 'after_service', 2, '', '{at}', '{at}', 'completed', '',
    ':answers', '[]', '[]', '', 0, '', '[]', 1, '', 1, '', '[]', '[]', '', '[]', 0);
INSERT INTO answer_logs (response, number, question, value, text, at, caused_by)
VALUES ('int_42', 0, 'care', 2, NULL, '{at}', 'telegram:1');
"""
MESSAGE = """
INSERT INTO outbox (id, channel, chat, purpose, created_at, not_before, expires_at, round, obeys_opt_out, status,
    attempts, leased_until, receipt, why, campaign, per_minute)
VALUES ('out_{status}', 'telegram', '7', 'survey', '{at}', '{later}', '{later}', 0, {no}, '{status}', 1, {lease}, '',
    '', '', 0);
INSERT INTO prompts (message, body) VALUES ('out_{status}', '{{"text":"hi"}}');
"""


@pytest.mark.proof
async def test_rows_tell_the_same_and_what_waits_goes_when_it_was_due(bare_url: str) -> None:
    no = "0" if bare_url.startswith("sqlite") else "false"
    words = {"at": AT.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "later": LATER.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "no": no}
    await upgrade_to(bare_url, BEFORE)
    leases = {one: f"'{words['later']}'" if one is SendingState.LEASED else "NULL" for one in SendingState}
    messages = (MESSAGE.format(status=one, lease=lease, **words) for one, lease in leases.items())
    await execute(
        bare_url,
        "".join([ROWS.replace(":answers", STORED).replace("{at}", words["at"]).replace("{no}", no), *messages]),
    )
    await upgrade(bare_url)
    async with Store.open(bare_url) as store:
        async with store.reading() as session:
            (interview,) = await session.records(Interview, all_of(Interview))
            logged = await session.records(AnswerLog, all_of(AnswerLog))
            told = await session.records(OutboxMessage, all_of(OutboxMessage))
            assert [one.closed_at for one in await session.records(Invitation, all_of(Invitation))] == [AT]
            assert len(await session.records(Customer, all_of(Customer))) == 1
            assert [one.bound_at for one in await session.records(Contact, all_of(Contact))] == [AT]
        assert interview.answers == ANSWERS
        assert logged == [AnswerLog("int_42", 0, "care", 2, None, AT, "telegram:1")]
        waiting = (SendingState.PENDING, SendingState.HELD, SendingState.LEASED)
        assert {one.status: (one.not_before, one.expires_at) for one in told} == {
            one: (LATER, LATER) if one in waiting else (AT, None) for one in SendingState
        }
        early, due = [await pending(store, ["telegram"], now, 9) for now in (AT, LATER)]
        assert ([one.message.id for one in early], len(due)) == ([], 2)
    (seq,) = {type(seq) for (seq,) in await fetch(bare_url, "SELECT seq FROM outbox")}
    assert seq is int
