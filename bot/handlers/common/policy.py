"""The owner's settings as decisions need them: one frozen value, made at the start."""

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.ports import Capabilities
from bot.signed_links import Links
from dialogs.invitation.survey_rules import RuleBook
from dialogs.messages import Address
from dialogs.phrases import Phrases
from dialogs.privacy import Privacy
from dialogs.survey import Survey, SurveyKey
from dialogs.time.contact_hours import ContactHours, DailyHours
from dialogs.time.workdays import Workdays
from dialogs.time.zones import find_zone
from scoring.rules import AlertRule
from scoring.values import Value, field
from storage.model.records import Customer

__all__ = ["Policy"]

_NOTHING = Capabilities()


class Policy(Value):
    """Settings that decide.

    `channels` are those on which customers are asked, the preferred first; `capabilities` are those of every channel
    there is, configured or not. `team` are the team's chats, `admins` the user ids that may administer.
    `surveys` holds every version ever used, `current` the version asked today, by survey id; `limits` are what
    makes a response to each of them an issue, stated on its own scale.
    """

    surveys: Mapping[SurveyKey, Survey]
    current: Mapping[str, int]
    phrases: Phrases
    default_survey: str = "after_service"
    locale: str = "zh-Hans"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    delay: timedelta = timedelta(minutes=30)
    deadline: timedelta = timedelta(hours=24)
    quiet: DailyHours | None = None
    business: DailyHours | None = None
    workdays: Workdays | None = None
    reminder_after: timedelta = timedelta(hours=12)
    expires_after: timedelta = timedelta(hours=72)
    quarantine: timedelta = timedelta(days=7)
    alerts: AlertRule = field(default_factory=AlertRule)
    limits: Mapping[SurveyKey, AlertRule] = field(default_factory=dict)
    settle: timedelta = timedelta(seconds=60)
    claim_within: timedelta = timedelta(hours=4)
    team: tuple[Address, ...] = ()
    admins: frozenset[str] = frozenset()
    channels: tuple[str, ...] = ()
    capabilities: Mapping[str, Capabilities] = field(default_factory=dict)
    max_rate: float = 30
    """Messages a second that all campaigns together may come to."""
    links: Links = Links("", b"")
    rules: RuleBook = RuleBook()
    privacy: Privacy = Privacy()

    def can(self, channel: str) -> Capabilities:
        """Return what a channel can do; nothing where there is no such channel (any more)."""
        return self.capabilities.get(channel, _NOTHING)

    def address_problem(self, place: Address) -> str:
        """Return why no customer can be in a chat: it is the team's, or of another shape; empty where one can."""
        if place in self.team:
            return "is a chat of the team, where no customer is asked"
        ids = self.can(place.channel).chat_ids
        return ids.what if ids is not None and not ids.fits(place.chat) else ""

    def survey(self, survey: str) -> Survey:
        """Return the survey asked today under this id. Raises KeyError for an unknown one."""
        return self.surveys[survey, self.current[survey]]

    @property
    def anonymous(self) -> tuple[str, ...]:
        """Return the surveys of which any version is anonymous."""
        return tuple(sorted({survey for (survey, _), one in self.surveys.items() if one.anonymous}))

    def locale_of(self, customer: Customer | None) -> str:
        """Return the language to speak with a customer."""
        tag = customer.locale if customer is not None else ""
        return self.phrases.locale(tag or self.locale)

    def zone_of(self, customer: Customer | None) -> ZoneInfo:
        """Return the customer's zone, or the owner's where theirs is not known here."""
        name = customer.timezone if customer is not None else ""
        return (find_zone(name) if name else None) or self.timezone

    @property
    def contact_hours(self) -> ContactHours:
        """Return when customers may be asked, and when they like it."""
        return ContactHours(self.quiet, self.business, self.workdays)
