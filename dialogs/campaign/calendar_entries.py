"""A calendar trigger of the owner's file: what is sent by the calendar instead of by a closing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.campaign.model import Audience, CampaignKind
from dialogs.ids import RefKind, derive
from dialogs.time.contact_hours import QuietHours
from dialogs.time.recurrence import next_run, read_recurrence_rule
from scoring.values import Value

__all__ = ["CalendarEntry"]


class CalendarEntry(Value):
    """One entry. `when` is what `dialogs.time.recurrence.read_recurrence_rule` reads, on the clocks of `timezone`."""

    name: str
    when: str
    timezone: str
    audience: Audience
    kind: CampaignKind = CampaignKind.SURVEY
    survey: str = ""
    text: str = ""
    per_minute: int = 600
    window: QuietHours | None = None

    @property
    def campaign(self) -> str:
        """Return the id of the campaign that it becomes."""
        return derive(RefKind.CAMPAIGN, "rules", self.name)

    def next_at(self, after: datetime) -> datetime | None:
        """Return its next occurrence after an instant, both UTC; None where none ever comes."""
        return next_run(read_recurrence_rule(self.when), ZoneInfo(self.timezone), after)
