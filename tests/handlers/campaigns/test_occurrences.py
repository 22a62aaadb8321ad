"""What becomes of occurrences that have come: the latest runs, those before it are written down, none runs too late."""

from datetime import timedelta

import pytest

from bot.handlers.campaigns.calendar_entries import ORIGIN, keep_entries
from bot.handlers.campaigns.occurrences import ITSELF, begun, exhausted, missed, stopped, turn_of
from dialogs.campaign.calendar_entries import CalendarEntry
from dialogs.campaign.machine import LATE
from dialogs.campaign.model import (
    Audience,
    Campaign,
    CampaignKind,
    CampaignState,
    Run,
    RunState,
    Schedule,
    Target,
)
from scoring.values import replace
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes
from tests.support.stage.scene import NOW, scene

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAILY = Schedule(repeats="daily 10:00", timezone="Asia/Shanghai")
"""At 02:00 UTC, which is NOW."""
ONCE = Campaign(
    "cam_a", "谢谢", CampaignKind.NOTICE, NOW - 9 * DAY, state=CampaignState.SCHEDULED, text="谢谢！",
    schedule=Schedule(NOW), next_at=NOW, wake_at=NOW,
)  # fmt: skip
AGAIN = replace(ONCE, schedule=DAILY)
RUNNING = replace(AGAIN, state=CampaignState.RUNNING, occurrence=NOW - DAY, next_at=NOW)


def test_before_its_time_nothing_is_due() -> None:
    assert turn_of(ONCE, NOW - timedelta(seconds=1)) is None
    assert turn_of(replace(ONCE, next_at=None), NOW) is None


@pytest.mark.parametrize(
    ("campaign", "late", "runs", "skipped", "next_in"),
    [
        (ONCE, timedelta(0), 0, (), None),
        (ONCE, LATE, 0, (), None),
        (ONCE, LATE + timedelta(seconds=1), None, (0,), None),
        (AGAIN, timedelta(0), 0, (), 1),
        (AGAIN, 2 * DAY, 2, (0, 1), 3),
        (AGAIN, 2 * DAY + LATE, 2, (0, 1), 3),
        (AGAIN, 2 * DAY + LATE + timedelta(seconds=1), None, (0, 1, 2), 3),
        (RUNNING, DAY, None, (0, 1), 2),
    ],
)
def test_the_latest_runs_unless_it_is_six_hours_late_or_another_is_under_way(
    campaign: Campaign, late: timedelta, runs: int | None, skipped: tuple[int, ...], next_in: int | None
) -> None:
    turn = turn_of(campaign, NOW + late)
    assert turn is not None
    assert turn.runs == (None if runs is None else NOW + runs * DAY)
    assert turn.skips == tuple(NOW + day * DAY for day in skipped)
    assert turn.next_at == (None if next_in is None else NOW + next_in * DAY)
    assert turn.why == ("still running" if campaign is RUNNING else "missed")


def _runs(changes: Changes) -> list[tuple[RunState, str]]:
    return [(one.state, one.why) for one in changes.records if isinstance(one, Run)]


def _campaign(changes: Changes) -> Campaign:
    return next(one for one in reversed(changes.records) if isinstance(one, Campaign))


def test_it_begins_with_all_its_people_and_the_missed_ones_written_down_in_one_commit() -> None:
    now = NOW + DAY
    turn, targets = turn_of(AGAIN, now), [Target("cam_a", now, f"c-{n}") for n in range(3)]
    assert turn is not None
    changes = begun(scene(AGAIN, now=now), AGAIN, turn, now, targets)
    assert _runs(changes) == [(RunState.SKIPPED, "missed"), (RunState.RUNNING, "")]
    assert [one for one in changes.records if isinstance(one, Target)] == targets
    after = _campaign(changes)
    assert (after.state, after.occurrence, after.next_at) == (CampaignState.RUNNING, now, NOW + 2 * DAY)


def test_a_campaign_that_was_paused_meanwhile_does_not_begin() -> None:
    paused, turn = replace(AGAIN, state=CampaignState.PAUSED), turn_of(AGAIN, NOW)
    assert turn is not None
    assert begun(scene(paused), paused, turn, NOW, []).records == ()


@pytest.mark.parametrize(
    ("campaign", "state", "why"),
    [
        (ONCE, CampaignState.FINISHED, "missed"),
        (AGAIN, CampaignState.SCHEDULED, ""),
        (RUNNING, CampaignState.RUNNING, ""),
    ],
)
def test_missed_the_last_ends_it_and_another_is_waited_for(campaign: Campaign, state: CampaignState, why: str) -> None:
    now = NOW + LATE + HOUR
    turn = turn_of(campaign, now)
    assert turn is not None
    changes = missed(scene(campaign, now=now), campaign, turn)
    assert (_campaign(changes).state, _campaign(changes).why) == (state, why)
    assert len(_runs(changes)) == 1


def test_through_it_is_done_and_rests_until_the_next_or_is_finished() -> None:
    run = Run("cam_a", NOW - DAY, RunState.RUNNING, 3, NOW - DAY)
    for campaign, state in (
        (RUNNING, CampaignState.SCHEDULED),
        (replace(RUNNING, next_at=None), CampaignState.FINISHED),
    ):
        changes = exhausted(scene(campaign, run), campaign)
        assert _runs(changes) == [(RunState.DONE, "")]
        assert _campaign(changes).state is state
    assert exhausted(scene(AGAIN), AGAIN).records == ()


def test_halted_by_itself_it_says_why_and_stands_in_the_audit_log() -> None:
    changes = stopped(scene(RUNNING), RUNNING, "rate_limited")
    assert (_campaign(changes).state, _campaign(changes).why) == (CampaignState.PAUSED, "rate_limited")
    assert [(one.by, one.action) for one in changes.records if isinstance(one, AuditEntry)] == [
        (ITSELF, "campaign.stopped")
    ]
    assert stopped(scene(ONCE), ONCE, "rate_limited").records == ()


# -- the owner's calendar --------------------------------------------------------------------------------------------

NOTHING = Changes()
ENTRY = CalendarEntry("month", "daily 10:00", "Asia/Shanghai", Audience(tiers=("vip",)), survey="after_service")


def _kept(*entries: CalendarEntry, before: Changes = NOTHING, after: timedelta = timedelta(0)) -> Changes:
    known = [one.id for one in before.records if isinstance(one, Campaign)]
    return keep_entries(scene(*before.records, now=NOW + after), entries, known)


def test_an_entry_becomes_a_campaign_that_waits_for_its_next_day() -> None:
    campaign = _campaign(_kept(ENTRY))
    assert (campaign.id, campaign.origin, campaign.created_by) == (ENTRY.campaign, ORIGIN, "rules.toml")
    assert (campaign.state, campaign.next_at) == (CampaignState.SCHEDULED, NOW + DAY)
    assert campaign.audience == ENTRY.audience


def test_read_again_the_same_file_changes_nothing() -> None:
    assert _kept(ENTRY, before=_kept(ENTRY), after=HOUR).records == ()


def test_other_words_change_the_campaign_and_another_time_its_next_day() -> None:
    before = _kept(ENTRY)
    worded = _campaign(_kept(replace(ENTRY, text="月末了。"), before=before))
    assert (worded.text, worded.next_at) == ("月末了。", NOW + DAY)
    moved = _campaign(_kept(replace(ENTRY, when="daily 12:00"), before=before))
    assert moved.next_at == moved.wake_at == NOW + 2 * HOUR


def test_an_entry_taken_out_ends_its_campaign_and_comes_back_with_the_entry() -> None:
    before = _kept(ENTRY)
    gone = _kept(before=before)
    assert (_campaign(gone).state, _campaign(gone).why) == (CampaignState.CANCELLED, "removed")
    back = _campaign(_kept(ENTRY, before=Changes((_campaign(gone),))))
    assert (back.state, back.why) == (CampaignState.SCHEDULED, "")
    assert _kept(before=Changes((_campaign(gone),))).records == ()


def test_what_a_person_has_cancelled_stays_so_until_the_entry_says_something_else() -> None:
    cancelled = Changes((replace(_campaign(_kept(ENTRY)), state=CampaignState.CANCELLED),))
    assert _kept(ENTRY, before=cancelled).records == ()
    assert _campaign(_kept(replace(ENTRY, per_minute=60), before=cancelled)).state is CampaignState.SCHEDULED
