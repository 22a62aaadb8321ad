"""A decision's view of a few rows, for tests of one decision without a world around it."""

from datetime import UTC, datetime
from pathlib import Path

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.wiring.policy import make_policy
from config.locale.phrases import load_phrases
from config.settings.loading import load_settings
from config.surveys.load import read_surveys
from scoring.values import replace
from storage.unit_of_work.changes import Record
from storage.unit_of_work.snapshot import Snapshot

__all__ = ["NOW", "POLICY", "scene"]

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""
POLICY = replace(
    make_policy(load_settings({}, cwd=Path(__file__).parent), read_surveys(), {}, load_phrases()),
    channels=("telegram", "sandbox"),
    quiet=None,
    business=None,
    workdays=None,
)
"""As shipped, with customers on two channels, and no hour at which they may not be asked."""


def scene(*records: Record, policy: Policy = POLICY, now: datetime = NOW) -> DecisionContext:
    """Let a decision see these rows at `now`, under this policy."""
    return DecisionContext(Snapshot(records), policy, now)
