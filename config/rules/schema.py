"""The shape of the owner's `rules.toml`, and the rules and calendar entries made of it."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from config.rules import parsers
from config.settings import setting_types
from config.values.durations import read_quiet_hours
from config.values.numbers import whole
from dialogs.campaign.calendar_entries import CalendarEntry
from dialogs.campaign.model import Audience, CampaignKind
from dialogs.invitation.survey_rules import AskLimit, SurveyRule
from dialogs.reports.document import ReportKind
from dialogs.reports.report_schedules import REPORTED_AS, ReportCadence, ReportSchedule
from dialogs.time.contact_hours import DailyHours
from scoring.values import Value

__all__ = [
    "AudiencePart",
    "CalendarPart",
    "Hookable",
    "RecurringPart",
    "ReportPart",
    "RuleFile",
    "RulePart",
    "WebhookPart",
]

Names = Annotated[tuple[str, ...], BeforeValidator(parsers.read_names)]
Channels = Annotated[tuple[str, ...], BeforeValidator(parsers.read_channels)]
Statuses = Annotated[tuple[str, ...], BeforeValidator(parsers.names_of(*parsers.STATUSES))]
IssueStates = Annotated[tuple[str, ...], BeforeValidator(parsers.names_of("open", "claimed", "resolved", "closed"))]
IssueKinds = Annotated[tuple[str, ...], BeforeValidator(parsers.names_of("low_score", "complaint", "call", "manual"))]
Flag = Annotated[bool, BeforeValidator(parsers.read_rule_flag)]
Share = Annotated[float, BeforeValidator(parsers.read_share)]
Sample = Annotated[int, BeforeValidator(whole(1, 1_000_000))]
HowOften = Annotated[AskLimit, BeforeValidator(parsers.word_of(AskLimit))]
What = Annotated[CampaignKind, BeforeValidator(parsers.word_of(CampaignKind))]
Moment = Annotated[datetime | None, BeforeValidator(parsers.read_moment)]
Score = Annotated[float | None, BeforeValidator(parsers.read_score)]
When = Annotated[str, BeforeValidator(parsers.read_recurrence)]
Pace = Annotated[int, BeforeValidator(whole(1, 1800))]
Text = Annotated[str, BeforeValidator(parsers.read_text)]
MadeKind = Annotated[ReportKind, BeforeValidator(parsers.word_of(ReportKind))]
Every = Annotated[ReportCadence, BeforeValidator(parsers.word_of(ReportCadence))]
TimeOfDay = Annotated[time, BeforeValidator(parsers.read_time_of_day)]
Recipients = Annotated[tuple[str, ...], BeforeValidator(parsers.read_recipients)]
Formats = Annotated[tuple[str, ...], BeforeValidator(parsers.names_of(*REPORTED_AS))]
DueDay = Annotated[int | None, BeforeValidator(parsers.read_due_day)]
EventTypes = Annotated[tuple[str, ...], BeforeValidator(parsers.read_event_types)]
EndpointUrl = Annotated[str, BeforeValidator(parsers.read_endpoint_url)]
Window = Annotated[Any, BeforeValidator(read_quiet_hours)]


_DUE_OF_MONTH = 5


class Hookable(Value):
    """What `[[webhooks]]` may name: types of events, and URLs of which `refusal` tells no reason against them."""

    types: tuple[str, ...] = ()
    refusal: Callable[[str], str] = lambda _: ""


class Table(BaseModel):
    """A table of the file; a key that nobody reads is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class RulePart(Table):
    """`[[rules]]`: for which tickets it is, and what becomes of them."""

    name: setting_types.OneLine
    teams: Names = ()
    categories: Names = ()
    products: Names = ()
    tags: Names = ()
    agents: Names = ()
    channels: Channels = ()
    tiers: Names = ()
    sources: Names = ()
    customers: Names = ()
    survey: setting_types.SurveyId | None = None
    delay: setting_types.Duration | None = None
    sample: Sample = 1
    once: HowOften = AskLimit.CLOSING
    pilot: Share = 1.0
    ask: Flag = True
    behind: Names = ()

    def rule(self) -> SurveyRule:
        """Return it as the core's value."""
        return SurveyRule(**(dict(self) | {"survey": self.survey or ""}))


class AudiencePart(Table):
    """`[calendar.audience]`: the filters of a campaign's audience (`dialogs.campaign.model.Audience`)."""

    sources: Names = ()
    teams: Names = ()
    categories: Names = ()
    products: Names = ()
    agents: Names = ()
    tags: Names = ()
    tiers: Names = ()
    locales: Names = ()
    channels: Channels = ()
    customers: Names = ()
    closed_from: Moment = None
    closed_until: Moment = None
    closed_within: setting_types.Span | None = None
    closed_before: setting_types.Span | None = None
    appointment_within: setting_types.Span | None = None
    appointment_before: setting_types.Span | None = None
    surveys: Names = ()
    statuses: Statuses = ()
    score_at_or_below: Score = None
    score_at_or_above: Score = None
    issues: IssueStates = ()
    issue_kinds: IssueKinds = ()
    root_causes: Names = ()

    def audience(self) -> Audience:
        """Return it as the core's value."""
        return Audience(**dict(self))

    def spans(self) -> list[tuple[str, timedelta | None, timedelta | None]]:
        """Return the pairs of durations counted back: what they count from, the longer one, the shorter one."""
        return [
            ("closed", self.closed_within, self.closed_before),
            ("appointment", self.appointment_within, self.appointment_before),
        ]


class CalendarPart(Table):
    """`[[calendar]]`: what is sent by the calendar, to whom."""

    name: setting_types.OneLine
    when: When
    kind: What = CampaignKind.SURVEY
    survey: setting_types.SurveyId | None = None
    timezone: setting_types.ZoneName | None = None
    audience: AudiencePart = AudiencePart()
    per_minute: Pace = 600
    window: Window = None
    text: Text | None = None

    def entry(self, survey: str, timezone: str) -> CalendarEntry:
        """Return it as the core's value; `survey` and `timezone` are the settings', where it names none."""
        asks = self.kind is CampaignKind.SURVEY
        window = self.window if isinstance(self.window, DailyHours) else None
        return CalendarEntry(
            self.name,
            self.when,
            self.timezone or timezone,
            self.audience.audience(),
            self.kind,
            (self.survey or survey) if asks else "",
            self.text or "",
            self.per_minute,
            window,
        )


class ReportPart(Table):
    """`[[reports]]`: a report that is made after each period, and who gets it."""

    name: setting_types.OneLine
    kind: MadeKind
    every: Every
    at: TimeOfDay = time(8)
    timezone: setting_types.ZoneName | None = None
    of: setting_types.OneLine | None = None
    to: Recipients = ("team",)
    formats: Formats = ("html",)
    locale: setting_types.Locale | None = None
    due: DueDay = None

    def schedule(self, timezone: str) -> ReportSchedule:
        """Return it as the core's value; `timezone` is the settings', where it names none."""
        return ReportSchedule(
            self.name,
            self.kind,
            self.every,
            self.at,
            self.timezone or timezone,
            self.to,
            self.formats,
            self.of or "",
            self.locale or "",
            self.due_day,
        )

    @property
    def due_day(self) -> int:
        """The day by which somebody confirms it, 0 for never; of a month's report the 5th, where nothing is said."""
        return (_DUE_OF_MONTH if self.every is ReportCadence.MONTH else 0) if self.due is None else self.due


class RecurringPart(Table):
    """`[recurring]`: from how many customers, within which time, the team is told that something recurs."""

    customers: setting_types.RecurrenceCount = 3
    within: setting_types.Span = timedelta(days=7)


class WebhookPart(Table):
    """`[[webhooks]]`: an endpoint of outgoing webhooks, and the types of events that it listens to, all by default."""

    name: setting_types.OneLine
    url: EndpointUrl
    events: EventTypes = ()


class RuleFile(Table):
    """A whole file; each field is valid in itself, config/rules/validation.py checks whether they fit each other."""

    rules: tuple[RulePart, ...] = ()
    calendar: tuple[CalendarPart, ...] = ()
    recurring: RecurringPart = RecurringPart()
    reports: tuple[ReportPart, ...] = ()
    webhooks: tuple[WebhookPart, ...] = ()
