"""The owner's settings as decisions need them: one frozen value, made at the start."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.handlers.common.comment_words import CommentVocabulary
from bot.ports import Capabilities
from bot.signed_links import Links
from dialogs.forms.model import Form
from dialogs.invitation.survey_rules import RuleBook
from dialogs.known_words import CompanyLists
from dialogs.messages import Address
from dialogs.phrases import Phrases
from dialogs.privacy import Privacy
from dialogs.reports.report_schedules import ReportSchedule
from dialogs.survey import Survey, SurveyKey
from dialogs.time.contact_hours import ContactHours, DailyHours
from dialogs.time.periods import CompanyCalendar
from dialogs.time.workdays import Workdays
from dialogs.time.working_time import WorkingTime
from dialogs.time.zones import find_zone
from dialogs.understanding.lexicon import Lexicon
from scoring.deduplication import DuplicateRules
from scoring.honesty.charts import ChartRules
from scoring.metrics.metric_targets import MetricTarget
from scoring.rules import AlertRule, Severity
from scoring.values import Value, field, replace
from scoring.worth_call import CallRule
from storage.model.records import Customer

__all__ = ["DeskTerms", "Policy", "UnknownSurveyError", "UnreadableSurveyError"]

_NOTHING = Capabilities()


class UnknownSurveyError(LookupError):
    """A survey version that this process has not read; another process may have stored it meanwhile.

    `bot.receiver` reads it and has the decision made again. The version is 0 where any version will do.
    """

    def __init__(self, key: SurveyKey) -> None:
        super().__init__(f"survey {key[0]!r}, version {key[1] or 'any'}")
        self.key = key


class UnreadableSurveyError(LookupError):
    """A survey version that cannot be read from the database either."""


class DeskTerms(Value):
    """What is written into the tickets of one help desk: links for customers without a chat, notes, a tag, its state.

    `tag` is empty for none.
    """

    invite: bool = True
    notes: bool = False
    tag: str = ""
    reopen: bool = False


class Policy(Value):
    """Settings that decide.

    `channels` are those on which customers are asked, the preferred first; `capabilities` are those of every channel
    there is, configured or not. `team` are the team's chats, `admins` the user ids that may administer.
    `surveys` holds the versions that are known, `current` the version asked today, by survey id; `limits` are what
    makes a response to each of them an issue, stated on its own scale. `unreadable` are versions that the database does
    not give either.
    """

    surveys: Mapping[SurveyKey, Survey]
    current: Mapping[str, int]
    phrases: Phrases
    default_survey: str = "after_service"
    locale: str = "zh-Hans"
    team_locale: str = ""
    """The language of the team's chats; empty for that of `locale`."""
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    fiscal_from: int = 0
    """The first month of the fiscal year, 0 where it is the calendar's."""
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
    alerts_by_reading: bool = True
    settle: timedelta = timedelta(seconds=60)
    claim_within: timedelta = timedelta(hours=4)
    check_within: timedelta | None = timedelta(days=3)
    recurring: tuple[int, timedelta] = (0, timedelta(days=7))
    """From how many tickets of one type with issues, within which time, the team is told of it; 0 for never."""
    close_out: frozenset[Severity] = frozenset()
    """Of which severities an issue is resolved with cause, remedy and verification only."""
    targets: tuple[MetricTarget, ...] = ()
    warn_after: Fraction = Fraction(3, 4)
    """The share of a target's time after which the team is warned of a ticket; 0 for never."""
    charts: ChartRules = ChartRules()
    calls: CallRule = CallRule()
    """Who is worth a call by a person."""
    raised_tiers: frozenset[str] = frozenset()
    """The tiers, in lower case, whose customers' issues are one step more severe."""
    takeover_after: timedelta = timedelta(hours=12)
    resolve_within: timedelta | None = None
    escalate_to: tuple[str, ...] = ()
    working_hours: DailyHours | None = None
    team_workdays: Workdays = Workdays()
    """The team's working days: without public holidays until those are made (`bot.wiring.workdays`)."""
    team: tuple[Address, ...] = ()
    admins: frozenset[str] = frozenset()
    channels: tuple[str, ...] = ()
    capabilities: Mapping[str, Capabilities] = field(default_factory=dict)
    max_rate: float = 30
    """Messages a second that all campaigns together may come to."""
    links: Links = Links("", b"")
    rules: RuleBook = RuleBook()
    reports: tuple[ReportSchedule, ...] = ()
    """Those that are made by the calendar."""
    privacy: Privacy = Privacy()
    unreadable: frozenset[SurveyKey] = frozenset()
    lexicon: Lexicon = Lexicon()
    comments: CommentVocabulary = CommentVocabulary()
    """The words by which comments are read."""
    duplicates: DuplicateRules = DuplicateRules()
    """Which of the responses that say the same counts."""
    lists: CompanyLists = CompanyLists()
    """What words of tickets mean, and the peaks of the year."""
    forms: Mapping[str, Form] = field(default_factory=dict)
    """The forms by which people, teams and stations are rated, by their ids."""
    ask_contact: tuple[str, ...] = ()
    """Which of `name` and `phone` the page asks for last, where a survey is not anonymous."""
    test_customers: frozenset[str] = frozenset()
    """Customers of the owner's own, whose answers do not count."""
    desks: Mapping[str, DeskTerms] = field(default_factory=dict)
    """What is written into tickets, by their source; nothing into those of others."""
    is_played: bool = False
    """Whether all of this is played, so that no endpoint of a webhook is told of it."""

    def can(self, channel: str) -> Capabilities:
        """Return what a channel can do; nothing where there is no such channel (any more)."""
        return self.capabilities.get(channel, _NOTHING)

    def address_problem(self, place: Address) -> str:
        """Return why no customer can be in a chat: it is the team's, or of another shape; empty where one can."""
        if place in self.team:
            return "is a chat of the team, where no customer is asked"
        ids = self.can(place.channel).chat_ids
        return ids.what if ids is not None and not ids.fits(place.chat) else ""

    def is_elsewhere(self, place: Address) -> bool:
        """Return whether a chat is one of many people, and not the team's: what is said there is not for us."""
        return self.can(place.channel).groups and place not in self.team and bool(self.address_problem(place))

    def survey(self, survey: str) -> Survey:
        """Return the survey asked today under this id. Raises KeyError for an unknown one."""
        return self.surveys[survey, self.current[survey]]

    def has_version(self, key: SurveyKey) -> bool:
        """Return whether a survey version can be read. Raises UnknownSurveyError where the database has to be asked."""
        if key in self.surveys or key in self.unreadable:
            return key in self.surveys
        raise UnknownSurveyError(key)

    def survey_version(self, key: SurveyKey) -> Survey:
        """Return the version that an interview began with. Raises UnknownSurveyError, then UnreadableSurveyError."""
        if self.has_version(key):
            return self.surveys[key]
        raise UnreadableSurveyError(f"survey {key[0]!r}, version {key[1]}, is not in the database, or unreadable there")

    def offers(self, survey: str) -> bool:
        """Return whether a stored id is asked today. Raises UnknownSurveyError where no version of it is known."""
        if survey in self.current:
            return True
        is_known = any(name == survey for name, _ in self.surveys)
        if is_known or (survey, 0) in self.unreadable:
            return False
        raise UnknownSurveyError((survey, 0))

    def knowing(self, surveys: Iterable[Survey]) -> "Policy":
        """Return the policy with further versions; of a survey that was not known the latest is asked from now on."""
        fresh = {one.key: one for one in surveys if one.key not in self.surveys}
        known = {survey for survey, _ in self.surveys}
        latest = {survey: version for survey, version in sorted(fresh) if survey not in known}
        limits = {key: self.limits_of(one) for key, one in fresh.items()}
        return replace(
            self,
            surveys={**self.surveys, **fresh},
            limits={**self.limits, **limits},
            current={**self.current, **latest},
        )

    def limits_of(self, survey: Survey) -> AlertRule:
        """Return a survey's own limits, or the product's mapped to its scale; the words are always the product's."""
        ours = self.alerts
        limits = (survey.alerts or ours).on(survey.scale)
        return replace(
            limits,
            words=ours.words,
            forms=ours.forms,
            simplified=ours.simplified,
            renouncing=ours.renouncing,
            any_form=ours.any_form,
        )

    def with_words(self, lexicon: Lexicon) -> "Policy":
        """Return the policy with other words by which typed texts are read."""
        spelled = replace(self, lexicon=lexicon, alerts=lexicon.spelled(self.alerts))
        return replace(spelled, limits={key: spelled.limits_of(survey) for key, survey in self.surveys.items()})

    @property
    def calendar(self) -> CompanyCalendar:
        """The clocks of the company, its fiscal year and its peaks."""
        return CompanyCalendar(self.timezone, self.fiscal_from, self.lists.peaks)

    @property
    def anonymous(self) -> tuple[str, ...]:
        """Return the surveys of which any version is anonymous."""
        return tuple(sorted({survey for (survey, _), one in self.surveys.items() if one.anonymous}))

    @property
    def team_speaks(self) -> str:
        """Return the language of the team's chats."""
        return self.phrases.locale(self.team_locale or self.locale)

    @property
    def working(self) -> WorkingTime:
        """Return when the team works."""
        return WorkingTime(self.timezone, self.working_hours, self.team_workdays)

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
