"""What is wrong with a campaign is told before it is scheduled: the field, and what to write instead."""

from datetime import time, timedelta
from typing import Any

import pytest

from bot.handlers.campaigns import commands
from bot.handlers.campaigns.commands import NewCampaign, campaign_id_of
from bot.handlers.campaigns.validation import KNOWN, wrong_with
from bot.handlers.common.results import CampaignOutcome, Conflict, Invalid, NotFound
from dialogs.campaign.model import (
    FASTEST,
    Campaign,
    CampaignKind,
    CampaignState,
    Run,
    RunState,
    Schedule,
)
from dialogs.sanitize import LONGEST_MESSAGE
from dialogs.time.contact_hours import DailyHours
from scoring.values import replace
from storage.model.registers import AuditEntry
from tests.support.stage.scene import NOW, POLICY, scene

NOTICE = Campaign("cam_a", "谢谢", CampaignKind.NOTICE, NOW, text="{name}，谢谢您！")
NIGHT = DailyHours(time(21), time(9))
LATE, WEEKLY = NOW - timedelta(seconds=1), "weekly mon 10:00"


def _window(start: int, end: int) -> DailyHours:
    return DailyHours(time(start), time(end))


@pytest.mark.parametrize(
    ("changed", "field", "problem"),
    [
        ({"name": ""}, "name", "is empty"),
        (
            {"kind": CampaignKind.SURVEY, "survey": "none"},
            "survey",
            "there is no survey 'none'; there are after_service",
        ),
        ({"survey": "after_service"}, "survey", "a notice asks no survey of its own"),
        ({"kind": CampaignKind.REMINDER, "survey": "after_service"}, "survey", "a reminder asks no survey"),
        ({"text": " \n"}, "text", "a notice needs words"),
        ({"text": "{nmae}，谢谢"}, "text", "there is no placeholder {nmae}; known are {name} {subject}"),
        ({"text": "谢" * (LONGEST_MESSAGE // 2 + 1)}, "text", f"must have at most {LONGEST_MESSAGE // 2} characters"),
        ({"schedule": Schedule(LATE)}, "schedule.at", "2026-11-23 01:59 UTC has passed"),
        ({"schedule": Schedule(NOW, WEEKLY, "Asia/Shanghai")}, "schedule", "either once, at, or again and again"),
        ({"schedule": Schedule(repeats=WEEKLY, timezone="Asia/Nowhere")}, "schedule.timezone", "'Asia/Nowhere'"),
        (
            {"schedule": Schedule(repeats=WEEKLY, timezone="../etc/passwd")},
            "schedule.timezone",
            "there is no time zone",
        ),
        ({"schedule": Schedule(repeats="now and then", timezone="UTC")}, "schedule.repeats", ""),
        ({"window": _window(10, 10)}, "window", "is empty: it ends when it starts"),
        ({"window": _window(22, 23)}, "window", "never opens: all of it lies in the quiet hours"),
        ({"per_minute": 0}, "per_minute", f"must lie between 1 and {FASTEST}"),
        ({"per_minute": FASTEST + 1}, "per_minute", f"must lie between 1 and {FASTEST}"),
    ],
)
def test_each_mistake_names_its_field_and_the_way_out(changed: dict[str, Any], field: str, problem: str) -> None:
    policy = replace(POLICY, quiet=NIGHT, unreadable=frozenset({("none", 0)}))  # no other process has stored it either
    wrong = wrong_with(scene(policy=policy), replace(NOTICE, **changed))
    assert wrong is not None
    assert wrong.field == field
    assert problem in wrong.problem


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"text": "".join(f"{{{name}}}" for name in KNOWN)},
        {"text": "谢" * (LONGEST_MESSAGE // 2)},
        {"kind": CampaignKind.REMINDER, "text": ""},
        {"kind": CampaignKind.SURVEY, "survey": "after_service", "text": ""},
        {"schedule": Schedule(NOW)},
        {"schedule": Schedule(repeats=WEEKLY, timezone="Asia/Shanghai")},
        {"window": _window(20, 22)},
        {"per_minute": 1},
        {"per_minute": FASTEST},
    ],
)
def test_what_is_just_right_is_not_refused(changed: dict[str, Any]) -> None:
    assert wrong_with(scene(policy=replace(POLICY, quiet=NIGHT)), replace(NOTICE, **changed)) is None


# -- what an admin does with one -------------------------------------------------------------------------------------

NEW = NewCampaign("k", " 谢谢 ", CampaignKind.NOTICE, by="陈经理", text="谢谢您！")
DRAFT, SCHEDULED, RUNNING, PAUSED, FINISHED, CANCELLED = CampaignState
DEEDS = {"pause": commands.pause, "resume": commands.resume, "cancel": commands.cancel, "start": commands.start}


def _in(state: CampaignState) -> Campaign:
    under_way = NOW if state is RUNNING else None
    return replace(NOTICE, state=state, occurrence=under_way, next_at=NOW if state is SCHEDULED else None)


def test_it_is_drafted_once_with_a_line_in_the_audit_log() -> None:
    made = commands.create(scene(), NEW)
    assert isinstance(made.answer, CampaignOutcome)
    assert (made.answer.created, made.answer.campaign.name) == (True, "谢谢")
    assert made.answer.campaign.state is DRAFT
    (entry,) = [one for one in made.changes.records if isinstance(one, AuditEntry)]
    assert (entry.by, entry.action, entry.subject) == ("陈经理", "campaign.created", campaign_id_of(NEW))
    again = commands.create(scene().after(made.changes), replace(NEW, name="anders"))
    assert again.changes.records == ()
    assert again.answer == CampaignOutcome(made.answer.campaign)


def test_what_is_wrong_is_not_drafted() -> None:
    refused = commands.create(scene(), replace(NEW, text=""))
    assert isinstance(refused.answer, Invalid)
    assert refused.changes.records == ()


def test_a_survey_without_a_choice_asks_the_default_one_and_a_notice_none() -> None:
    for kind, survey in ((CampaignKind.SURVEY, "after_service"), (CampaignKind.NOTICE, "")):
        made = commands.create(scene(), replace(NEW, kind=kind)).answer
        assert isinstance(made, CampaignOutcome)
        assert made.campaign.survey == survey


@pytest.mark.parametrize(
    ("before", "deed", "after"),
    [
        (DRAFT, "start", SCHEDULED),
        (SCHEDULED, "pause", PAUSED),
        (RUNNING, "pause", PAUSED),
        (PAUSED, "resume", SCHEDULED),
        (DRAFT, "cancel", CANCELLED),
        (SCHEDULED, "cancel", CANCELLED),
        (RUNNING, "cancel", CANCELLED),
        (PAUSED, "cancel", CANCELLED),
    ],
)
def test_each_deed_moves_it_and_is_in_the_audit_log(before: CampaignState, deed: str, after: CampaignState) -> None:
    done = DEEDS[deed](scene(_in(before)), "cam_a", "陈经理")
    assert isinstance(done.answer, CampaignOutcome)
    assert done.answer.campaign.state is after
    assert [one.by for one in done.changes.records if isinstance(one, AuditEntry)] == ["陈经理"]


@pytest.mark.parametrize(
    ("before", "deed"),
    [
        (PAUSED, "pause"),
        (RUNNING, "resume"),
        (SCHEDULED, "resume"),
        (CANCELLED, "cancel"),
        (SCHEDULED, "start"),
        (RUNNING, "start"),
    ],
)
def test_what_is_so_already_changes_nothing(before: CampaignState, deed: str) -> None:
    done = DEEDS[deed](scene(_in(before)), "cam_a", "陈经理")
    assert done.answer == CampaignOutcome(_in(before))
    assert done.changes.records == ()


@pytest.mark.parametrize(
    ("before", "deed", "said"),
    [
        (DRAFT, "pause", "paused"),
        (FINISHED, "pause", "paused"),
        (DRAFT, "resume", "resumed"),
        (CANCELLED, "resume", "resumed"),
        (FINISHED, "cancel", "cancelled"),
        (PAUSED, "start", "started"),
        (FINISHED, "start", "started"),
        (CANCELLED, "start", "started"),
    ],
)
def test_what_cannot_be_done_from_here_says_how_it_stands(before: CampaignState, deed: str, said: str) -> None:
    done = DEEDS[deed](scene(_in(before)), "cam_a", "陈经理")
    assert done.answer == Conflict(f"The campaign is {before} and cannot be {said}.")
    assert done.changes.records == ()


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_an_unknown_one_is_not_found(deed: str) -> None:
    assert DEEDS[deed](scene(), "cam_none", "陈经理").answer == NotFound("campaign cam_none")


def test_a_draft_is_looked_at_again_when_it_starts() -> None:
    late = replace(NOTICE, schedule=Schedule(LATE))
    refused = commands.start(scene(late), "cam_a", "陈经理").answer
    assert refused == Conflict("schedule.at 2026-11-23 01:59 UTC has passed; give a moment to come")


@pytest.mark.parametrize(
    ("found", "schedule", "starts"),
    [
        (0, Schedule(), False),
        (1, Schedule(), True),
        (None, Schedule(), True),
        (0, Schedule(repeats=WEEKLY, timezone="Asia/Shanghai"), True),
    ],
)
def test_what_fits_nobody_starts_only_if_it_comes_again(found: int | None, schedule: Schedule, *, starts: bool) -> None:
    done = commands.start(scene(replace(NOTICE, schedule=schedule)), "cam_a", "陈经理", found=found)
    assert isinstance(done.answer, CampaignOutcome) is starts
    if not starts:
        assert done.answer == Conflict("Nobody fits its audience; loosen the filters and create it anew.")


def test_cancelled_while_it_runs_its_occurrence_is_cancelled_and_what_waits_is_not_sent() -> None:
    run = Run("cam_a", NOW, RunState.RUNNING, 9, NOW)
    done = commands.cancel(scene(_in(RUNNING), run), "cam_a", "陈经理")
    assert [one for one in done.changes.records if isinstance(one, Run)] == [
        replace(run, state=RunState.CANCELLED, finished_at=NOW, why="cancelled")
    ]
    assert [one.campaign for one in done.changes.cancels] == ["cam_a"]
