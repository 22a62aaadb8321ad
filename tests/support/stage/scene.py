"""A decision's view of a few rows, for tests of one decision without a world around it."""

from datetime import UTC, datetime

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from config.locale.phrases import load_phrases
from config.surveys.load import read_surveys
from scoring.values import replace
from storage.unit_of_work.changes import Record
from storage.unit_of_work.snapshot import Snapshot
from tests.support.channels import able

__all__ = ["NOW", "POLICY", "scene"]

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""
_SURVEYS = {survey.key: survey for survey in read_surveys().values()}
POLICY = able(
    Policy(
        _SURVEYS, {name: version for name, version in _SURVEYS}, load_phrases(), channels=("sandbox", "telegram")
    ),
    "sandbox",
    files=True,
)


def scene(*records: Record, now: datetime = NOW, **policy: object) -> DecisionContext:
    """Let a decision see these rows, at `now`, under a policy with these fields changed."""
    return DecisionContext(Snapshot(records), replace(POLICY, **policy), now)
