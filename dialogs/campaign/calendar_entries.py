"""Calendar entries of the rules file: surveys and messages that are sent by the calendar instead of after a closing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.campaign.model import Audience, CampaignKind
from dialogs.ids import RefKind, derive
from dialogs.time.contact_hours import DailyHours
from dialogs.time.recurrence import next_run, read_recurrence_rule
from scoring.values import Value

__all__ = ["CalendarEntry"]


class CalendarEntry(Value):
    """One entry. `when` is read by `dialogs.time.recurrence.read_recurrence_rule`, in the local time of `timezone`."""

    name: str
    when: str
    timezone: str
    audience: Audience
    kind: CampaignKind = CampaignKind.SURVEY
    survey: str = ""
    text: str = ""
    per_minute: int = 600
    window: DailyHours | None = None

    @property
    def campaign(self) -> str:
        """Return the id of the campaign that it becomes."""
        return derive(RefKind.CAMPAIGN, "rules", self.name)

    def next_at(self, after: datetime) -> datetime | None:
        """Return the next occurrence after an instant, both UTC; None where there is none."""
        return next_run(read_recurrence_rule(self.when), ZoneInfo(self.timezone), after)
