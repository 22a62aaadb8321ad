"""What the database knows of a campaign's sending: who may go, how it stands, whether it goes well."""

import pytest

from dialogs.campaign.model import Campaign, CampaignKind, CampaignState, Figures, Run, RunState, Target, TargetState
from dialogs.ids import ref_of
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import AttemptRow, OutboxMessage, Purpose
from storage.model.registers import AuditEntry
from storage.reads.campaigns import RATE_LIMITED, CampaignHealth, CampaignReads
from storage.unit_of_work.changes import Cancel
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, message, person, save, settle, soon

CAMPAIGN = Campaign("cam_1", "再问一次", CampaignKind.REMINDER, NOW, state=CampaignState.RUNNING, occurrence=NOW)
RUN = Run("cam_1", NOW, RunState.RUNNING, 1, NOW)


def _message(name: str, campaign: str = "cam_1") -> OutboxMessage:
    one = replace(message(f"out_{name}", name), purpose=Purpose.CAMPAIGN, about=ref_of("cam_1"), campaign=campaign)
    return replace(one, per_minute=60)


async def _handed(writer: Writer, *names: str) -> None:
    """Let the campaign have handed a message to each of these people."""
    people = [record for number, name in enumerate(names) for record in person(name, str(number))]
    targets = [Target("cam_1", NOW, f"c-{n}", TargetState.HANDED, message=f"out_{n}", due_at=NOW) for n in names]
    await save(writer, CAMPAIGN, RUN, *people, *targets, *(_message(name) for name in names))


@pytest.mark.parametrize(
    ("state", "status", "why"),
    [
        (CampaignState.RUNNING, SendingState.LEASED, ""),
        (CampaignState.PAUSED, SendingState.HELD, "paused"),
        (CampaignState.CANCELLED, SendingState.CANCELLED, "cancelled"),
        (CampaignState.FINISHED, SendingState.LEASED, ""),
    ],
)
async def test_a_message_goes_only_while_its_campaign_does(
    writer: Writer, state: CampaignState, status: SendingState, why: str
) -> None:
    await _handed(writer, "mei")
    await save(writer, replace(CAMPAIGN, state=state, version=1))
    (claimed,) = await writer.claim(["out_mei"], soon(minutes=1))
    assert (claimed.status, claimed.why) == (status, why)


async def test_what_a_pause_held_goes_when_the_campaign_goes_on(writer: Writer, store: Store) -> None:
    await _handed(writer, "mei")
    await save(writer, replace(CAMPAIGN, state=CampaignState.PAUSED, version=1))
    await writer.claim(["out_mei"], soon(minutes=1))
    assert [one.id for one in await CampaignReads(store).held("cam_1", 10)] == ["out_mei"]
    await save(writer, replace(CAMPAIGN, version=2))
    (claimed,) = await writer.claim(["out_mei"], soon(minutes=1))
    assert claimed.status is SendingState.LEASED


async def test_a_cancelled_campaign_takes_back_what_waits_and_nothing_of_others(writer: Writer, store: Store) -> None:
    await _handed(writer, "mei", "bo")
    await save(writer, settles=(settle("out_bo", SendingState.SENT),))
    other = replace(_message("mei", "cam_2"), id="out_other")
    await save(writer, other)
    await save(writer, cancels=(Cancel((Purpose.CAMPAIGN,), campaign="cam_1"),))
    figures = await CampaignReads(store).progress(RUN)
    assert figures == Figures(2, sent=1, skipped={"cancelled": 1})
    (claimed,) = await writer.claim(["out_other"], soon(minutes=1))
    assert claimed.status is SendingState.LEASED


async def test_the_figures_sum_up_to_the_audience(writer: Writer, store: Store) -> None:
    names = ("sent", "dead", "doubt", "pending", "leased", "gone", "answered", "shut")
    await _handed(writer, *names)
    (away, _, _), (late, _, _) = person("away"), person("late")
    await save(writer, away, late)
    await save(writer, Target("cam_1", NOW, "c-away", TargetState.SKIPPED, "blocked"), Target("cam_1", NOW, "c-late"))
    await writer.claim(["out_leased"], soon(minutes=1))
    gone = replace(person("gone")[0], opted_out_at=NOW, version=1)
    await save(writer, gone, cancels=(Cancel((Purpose.CAMPAIGN,), customer="c-gone"),))
    ends = [
        ("sent", SendingState.SENT, ""),
        ("dead", SendingState.DEAD, "403"),
        ("doubt", SendingState.UNKNOWN, "cut off"),
    ]
    ends += [("answered", SendingState.CANCELLED, ""), ("shut", SendingState.CANCELLED, "48 hours are over")]
    await save(writer, settles=tuple(settle(f"out_{name}", status, why=why) for name, status, why in ends))
    figures = await CampaignReads(store).progress(RUN)
    assert figures == Figures(10, 1, 2, 3, skipped={"blocked": 1, "finished": 1, "opted_out": 1, "window_closed": 1})
    assert figures.audience == figures.sent + figures.failed + figures.waiting + sum(figures.skipped.values())
    cancelled = await CampaignReads(store).progress(replace(RUN, state=RunState.CANCELLED))
    assert (cancelled.waiting, cancelled.skipped["cancelled"]) == (2, 1)


async def test_health_counts_from_when_a_person_last_let_it_go(writer: Writer, store: Store) -> None:
    names = tuple(f"p{number}" for number in range(6))
    await _handed(writer, *names)
    await save(writer, AuditEntry("aud_1", NOW, "Zhang", "campaign.started", "cam_1"))
    ends = [settle(f"out_{name}", SendingState.DEAD if name == "p0" else SendingState.SENT) for name in names[:4]]
    tried = [AttemptRow("out_p4", soon(minutes=number), 1, RATE_LIMITED, "429") for number in (0, 1, 7)]
    await save(writer, *tried, settles=(*ends, settle("out_p5", SendingState.DEAD, why="expired")))
    reads = CampaignReads(store)
    assert await reads.health("cam_1", soon(minutes=8)) == CampaignHealth(
        attempted=5, refused=1, limited=1, under_way=1
    )
    assert (await reads.health("cam_1", soon(minutes=5))).limited == 3
    await save(writer, AuditEntry("aud_2", soon(minutes=6), "Zhang", "campaign.resumed", "cam_1"))
    assert await reads.health("cam_1", soon(minutes=8)) == CampaignHealth(limited=1, under_way=1)
    assert await reads.health("cam_2", NOW) == CampaignHealth()


async def test_the_health_of_a_campaign_from_the_owners_file_counts_from_its_making(
    writer: Writer, store: Store
) -> None:
    await _handed(writer, "mei")
    await save(writer, AuditEntry("aud_1", NOW, "rules.toml", "campaign.created", "cam_1"))
    await save(writer, settles=(settle("out_mei", SendingState.DEAD),))
    assert await CampaignReads(store).health("cam_1", soon(minutes=1)) == CampaignHealth(attempted=1, refused=1)


async def test_a_message_that_waits_for_the_morning_is_not_under_way(writer: Writer, store: Store) -> None:
    await _handed(writer, "mei")
    await save(writer, settles=(settle("out_mei", SendingState.PENDING, not_before=soon(hours=8)),))
    assert (await CampaignReads(store).health("cam_1", soon(minutes=1))).under_way == 0
    assert (await CampaignReads(store).health("cam_1", soon(hours=8))).under_way == 1
