"""Every reachable campaign obeys the laws; and laws that are broken on purpose are noticed."""

from collections.abc import Callable

import pytest

from dialogs.campaign import machine as on
from dialogs.campaign.machine import CAMPAIGN
from dialogs.campaign.model import Campaign, CampaignState
from dialogs.machine import TransitionRow, row
from scoring.values import replace
from tests.dialogs.campaign import laws


def test_every_reachable_campaign_obeys_every_law_and_every_row_is_walked() -> None:
    walk = laws.walk_of()
    assert len(walk.moves) > len(CampaignState)
    assert laws.broken_laws(walk) == set()
    assert walk.rows == set(CAMPAIGN.rows)


def _without(event: type, source: CampaignState) -> tuple[TransitionRow, ...]:
    return tuple(each for each in CAMPAIGN.rows if (each.event, each.source) != (event, source))


def _kept_awake(campaign: Campaign, _event: object, _now: object) -> tuple[Campaign, tuple[object, ...]]:
    return campaign, ()


def _silently(campaign: Campaign, _event: object, _now: object) -> tuple[Campaign, tuple[object, ...]]:
    return replace(campaign, wake_at=None), ()


@pytest.mark.parametrize(
    ("spoilt", "law"),
    [
        (lambda: _without(on.Cancelled, CampaignState.PAUSED), "a_person_can_always_end_it"),
        (
            lambda: (*CAMPAIGN.rows, row(CampaignState.FINISHED, on.CampaignResumed, CampaignState.RUNNING, on.resume)),
            "over_is_over",
        ),
        (
            lambda: (*CAMPAIGN.rows, row(CampaignState.DRAFT, on.CampaignResumed, CampaignState.RUNNING, on.resume)),
            "it_runs_only_an_occurrence",
        ),
        (
            lambda: (
                *_without(on.CampaignPaused, CampaignState.RUNNING),
                row(CampaignState.RUNNING, on.CampaignPaused, CampaignState.PAUSED, _kept_awake),
            ),
            "nothing_wakes_a_halted_one",
        ),
        (
            lambda: (
                *_without(on.Halted, CampaignState.RUNNING),
                row(CampaignState.RUNNING, on.Halted, CampaignState.PAUSED, _silently),
            ),
            "who_halts_itself_says_why",
        ),
        (
            lambda: (*CAMPAIGN.rows, row(CampaignState.PAUSED, on.CampaignResumed, CampaignState.RUNNING, on.resume)),
            "at_most_one_row_fits",
        ),
    ],
)
def test_a_spoilt_table_breaks_a_law(spoilt: Callable[[], tuple[TransitionRow, ...]], law: str) -> None:
    walk = laws.walk_of(replace(CAMPAIGN, rows=spoilt()))
    assert law in laws.broken_laws(walk)
