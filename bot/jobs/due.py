"""What can be due, in one list: an entry for each kind of thing, with what is done when its time has come."""

from collections.abc import Mapping
from functools import partial

from bot.handlers.due import DUE
from bot.jobs.campaigns import CampaignRunner
from bot.jobs.data_requests import DataRequestDependencies, fulfil
from bot.process.scheduler import Wake
from dialogs.ids import RefKind

__all__ = ["wakers"]


def wakers(desk: DataRequestDependencies, campaigns: CampaignRunner) -> Mapping[RefKind, Wake]:
    """Return what does what is due, by its kind: one decision, or the work of a job."""
    decided = dict.fromkeys(DUE, desk.receiver.wake)
    return decided | {RefKind.REQUEST: partial(fulfil, desk), RefKind.CAMPAIGN: campaigns.wake}
