"""Every setting there is: its default as an owner would write it, and what it means.

`load` in config/settings/loading.py reads them; docs/reference/settings.md is printed from here.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from pydantic import PrivateAttr

from config.errors import ConfigError
from config.settings import setting_types
from config.settings.channels.notify import NotifySettings
from config.settings.channels.telegram import TelegramSettings
from config.settings.channels.wechat import WechatSettings
from config.settings.channels.wecom import WecomSettings
from config.settings.group import AllSettings, Group, mistake, setting
from config.settings.hook_settings import HookSettings, WebhookSettings
from scoring.honesty.charts import ChartRules
from scoring.rules import AlertRule, Severity
from scoring.worth_call import CallRule

__all__ = ["RetentionSettings", "Settings"]


class FileSettings(Group):
    """The owner's own files."""

    directory: setting_types.Directory = setting(
        ".", "folder of your own `surveys/*.toml`, `rules.toml`, `counting.toml`, `phrases/*.toml`"
    )


class DatabaseSettings(Group):
    """Where everything is kept."""

    url: setting_types.DatabaseUrl = setting(
        "sqlite:///var/huifang.db", "SQLite file, or `postgresql://user:password@host/database`"
    )


class HttpSettings(Group):
    """Where the web server listens, and how others reach it."""

    host: setting_types.Host = setting("127.0.0.1", "interface to listen on; `0.0.0.0` for all")
    port: setting_types.Port = setting(8480, "port to listen on")
    public_url: setting_types.Url = setting(
        "http://127.0.0.1:8480", "address by which the world reaches it; left out, it follows host and port"
    )
    proxies: setting_types.Networks = setting(
        "",
        "list of reverse proxies in front, addresses or networks: the client's address in their `X-Forwarded-For` is"
        " believed, from nobody else",
    )
    connections: setting_types.ConnectionCount = setting(
        1000, "connections open at once; never more than three quarters of the open files that the process may have"
    )
    connections_per_address: setting_types.ConnectionCount = setting(
        256, "of these from one address, or one IPv6 network of 64 bits; not counted for proxies"
    )
    docs: setting_types.YesNo = setting(
        "true",
        "whether the documents and the API's description are pages at `/docs`, for everybody who reaches it; they say"
        " nothing of settings or data",
    )

    def advice(self, settings: AllSettings) -> Iterator[ConfigError]:
        """Yield a warning where something has to stand in front, and is not named: we speak no https ourselves."""
        if self.public_url.startswith("https://") and not self.proxies:
            problem = "What answers https in front is not named: all that comes through it counts as one address."
            fix = "Write its address into http.proxies, such as 127.0.0.1 (docs/howto/proxy.md)."
            yield mistake(settings, "http.proxies", problem, fix, "http.public_url")


class ApiSettings(Group):
    """Who may use `/api/v1`."""

    keys: setting_types.BearerKeys = setting(
        "",
        "list of bearer keys of 16 characters or more: `read:KEY` reads, `tickets:KEY` writes tickets and links, `KEY` "
        "or `admin:KEY` does everything; without one the API answers 401",
    )


class MetricsSettings(Group):
    """Where Prometheus scrapes, besides `/metrics` of the web server, which wants a key."""

    listen: setting_types.Listen | None = setting(
        None,
        "interface and port on which each process gives out its `/metrics` to everybody who reaches it, such as"
        " `127.0.0.1:9480`; left out, there is none",
    )


class TraceSettings(Group):
    """Traces of requests, decisions, commits and sends, for OpenTelemetry: an extra, `pip install 'huifang[otel]'`."""

    endpoint: setting_types.Url | None = setting(
        None,
        "address of a collector that takes OTLP over HTTP, such as `http://127.0.0.1:4318`; left out: none",
    )


class BackupSettings(Group):
    """Backups that are made by themselves, into `backups` beside the database, for PostgreSQL into `var/backups`."""

    at: setting_types.NightlyTimes = setting(
        "off", "when a backup is made, in `timezone`: such as `03:30` or `weekly sun 03:30`; `off`: never"
    )
    keep: setting_types.BackupCount = setting(14, "how many of those are kept; older ones are deleted")


class SurveySettings(Group):
    """Who is asked, and when."""

    default: setting_types.SurveyId = setting("after_service", "survey used where no rule chooses another")
    delay: setting_types.Duration = setting("30m", "first question this long after the ticket is closed")
    deadline: setting_types.Duration = setting("24h", "never later than this after the ticket is closed")
    quiet_hours: setting_types.Hours = setting(
        "21:00-09:00", "hours in the customer's zone in which nobody is asked; or `off`"
    )
    business_hours: setting_types.Hours = setting(
        "off",
        "hours in the customer's zone in which asking is welcome, such as `09:00-18:00`, where the deadline allows",
    )
    business_days: setting_types.YesNo = setting("false", "`true`: welcome on working days only, by the calendar below")
    reminder_after: setting_types.Span = setting("12h", "one reminder, when nothing was answered for this long")
    expires_after: setting_types.Span = setting("72h", "then the interview ends as it stands")
    quarantine: setting_types.Duration = setting(
        "7d", "at most one invitation per customer in this time; `0s` for no limit"
    )
    ask_contact: setting_types.AskedContact = setting(
        "off",
        "what the page asks for last, optionally, after a survey with names: `name`, `phone`, `both`; or `off`",
    )
    test_customers: setting_types.WordList = setting(
        "", "list of customer ids of your own people, for trying: asked like others, kept, and counted in no figure"
    )


class CalendarSettings(Group):
    """Which days are worked, for `survey.business_days` and `alerts.resolve_within`."""

    country: setting_types.Country = setting(
        "CN", "two letters; its public holidays, and the days worked instead (调休); or `off` for weekends only"
    )
    holidays: setting_types.Days = setting("", "list of further days off, such as `2026-12-24`")
    workdays: setting_types.Days = setting("", "list of further working days, in a weekend or on a holiday")


class AlertSettings(Group):
    """What makes a response an issue for the team. Limits stand on the scale 1-5."""

    rating_at_or_below: setting_types.RatingLimit = setting(2, "a rating this low opens an issue; `0` for never")
    mean_below: setting_types.RatingLimit = setting(3.0, "a mean of ratings below this opens an issue; `0` for never")
    words: setting_types.WordList = setting(
        "投诉,退款,12315,曝光,起诉,威胁,危险,泄露,complaint,refund,lawyer,journalist,threat,dangerous,privacy",
        "list of words that open an issue wherever a customer writes them",
    )
    by_reading: setting_types.YesNo = setting(
        "true", "`true`: without any of these words, too, where the encoder reads that somebody should see it today"
    )
    settle: setting_types.Duration = setting(
        "60s", "a low rating in an unfinished interview rests this long before it counts"
    )
    claim_within: setting_types.Span = setting(
        "4h",
        "an issue that nobody claims for this long, half as long where it is severe and twice as long where it is"
        " slight, is escalated",
    )
    check_within: setting_types.KeepingTime = setting(
        "3d", "working days in which a complaint has to be looked into (`POST /api/v1/issues/{id}/judge`); or `off`"
    )
    recurring: setting_types.RecurrenceCount = setting(
        0, "from so many tickets of one type of problem with issues the team is told once that it recurs; 0 for never"
    )
    recurring_within: setting_types.Span = setting("7d", "the time within which that many of them were opened")
    close_out: setting_types.CloseOut = setting(
        "off", "which issues are resolved with cause, remedy and verification only: `high` severity, `all`, or `off`"
    )
    tiers: setting_types.WordList = setting(
        "vip", "list of customers' tiers whose issues are one step more severe, and who are worth a call once served"
    )
    call_after: setting_types.RecurrenceCount = setting(
        3, "from so many complaints a customer is worth a call by a person (`huifang customer calls`); 0 for never"
    )
    call_within: setting_types.Span = setting("90d", "the time in which complaints and visits make worth a call")
    takeover_after: setting_types.Duration = setting(
        "12h", "from when anybody of the roster may take an issue over from its holder; leads may at any time"
    )
    resolve_within: setting_types.KeepingTime = setting(
        "24h",
        "working time from the claim until the holder is reminded; half of it again later it is escalated; less than"
        " an hour counts on the clock; or `off`",
    )
    escalate_to: setting_types.WordList = setting(
        "",
        "list of people who are mentioned when an issue is not claimed or not resolved in time: names on the roster,"
        " Telegram user ids, WeCom user ids or mobile numbers",
    )

    def rule(self) -> AlertRule:
        """Return the limits as the rule by which responses are assessed."""
        return AlertRule(self.rating_at_or_below, self.mean_below, self.words)

    def raised_tiers(self) -> frozenset[str]:
        """Return the tiers that matter, in lower case."""
        return frozenset(tier.casefold() for tier in self.tiers)

    def calls(self) -> CallRule:
        """Return who is worth a call by a person."""
        return CallRule(tuple(sorted(self.raised_tiers())), self.call_after, self.call_within)

    def closed_out(self) -> frozenset[Severity]:
        """Return of which severities an issue is resolved with cause, remedy and verification only."""
        return frozenset({"off": (), "high": (Severity.HIGH,), "all": tuple(Severity)}[self.close_out])


class TeamSettings(Group):
    """The team that works on issues: its language, and when it works."""

    locale: setting_types.Locale | None = setting(
        None, "language of the team's chats and pages: `zh-Hans`, `zh-Hant`, `en`; left out, it is `locale`"
    )
    working_hours: setting_types.Hours = setting(
        "off",
        "hours of working time, such as `09:00-18:00` in `timezone`, on working days by the calendar above; `off`: all"
        " day",
    )
    digest: setting_types.Times = setting(
        "weekly mon 09:00",
        "when the team's chats are sent the figures and the open issues, the urgent ones first, in `timezone`: such as"
        " `daily 09:00`, `weekly mon 09:00`, `monthly 1 09:00`, or `off`",
    )
    targets: setting_types.MetricTargets = setting(
        "",
        "list of what figures shall reach, shown by `GET /api/v1/metrics/targets`: such as `csat >= 95`,"
        " `time_on_site <= 24h area=town`, `time_to_first_reply <= 30m for 95 source_channel=phone` or, between two"
        " moments of a ticket and in working time, `assigned..onsite <= 2h working contract=gold`; none is ours",
    )
    fiscal_year_from: setting_types.MonthNumber = setting(
        0,
        "first month of the fiscal year, such as `4`: periods may then be `FY2026` (the one that begins in 2026),"
        " `FY2026-H1` and `FY2026-Q3`; `0`: there is none",
    )
    warn_after: setting_types.SharePercent = setting(
        75,
        "percentage of a target's time after which the team is warned of a ticket that has yet to keep it, and told"
        " when it did not; `0` for never",
    )

    @property
    def warn_share(self) -> Fraction:
        """Return the share of a target's time after which to warn."""
        return Fraction(self.warn_after, 100)


class WatchSettings(Group):
    """When the team is told that a dimension of a team's service gets worse (docs/reference/statistics.md)."""

    at: setting_types.Times = setting(
        "daily 09:00", "when new points are looked at, in `timezone`: such as `daily 09:00`, or `off`"
    )
    bucket: setting_types.Bucket = setting("week", "`week` or `day`: what a point is made of")
    after: setting_types.Duration = setting(
        "4d",
        "how long after its end a week or day is judged, once: `survey.deadline` and `survey.expires_after` together,"
        " so that nobody may still answer",
    )
    baseline: setting_types.PointCount = setting(12, "points that say what is usual before any other is judged")
    fewest: setting_types.AnswerCount = setting(
        10, "people that make a point; weeks or days with fewer are joined with the next ones"
    )

    def rules(self) -> ChartRules:
        """Return the rules by which charts are drawn."""
        return ChartRules(self.baseline, self.fewest, self.bucket)


class PrivacySettings(Group):
    """What customers are told before the first question: who asks, why, how long it is kept, how to stop."""

    company: setting_types.OneLine | None = setting(
        None, "who asks, as customers know you; left out, the notice names nobody"
    )
    url: setting_types.Url | None = setting(None, "your own privacy page; left out, ours: `{http.public_url}/privacy`")
    contact: setting_types.OneLine | None = setting(None, "whom to write to or call about personal data")
    version: setting_types.OneLine = setting(
        "1", "version of your notice; raise it when you change it: each interview keeps the one that was shown"
    )


class RetentionSettings(Group):
    """How long customers' words and contacts are kept; ratings stay. Each may be `off`: kept without limit."""

    texts: setting_types.KeepingTime = setting(
        "365d", "remarks, comments and subjects, from the answer or the closing on"
    )
    contacts: setting_types.KeepingTime = setting(
        "180d", "chats and names of customers without any contact for this long"
    )
    messages: setting_types.KeepingTime = setting(
        "90d", "messages that were sent: what people wrote in them, then all of those that are over"
    )
    deliveries: setting_types.KeepingTime = setting(
        "30d", "what the sandbox's page shows of deliveries; all others go after a day"
    )
    timeline: setting_types.KeepingTime = setting("365d", "words in the timelines of closed issues")
    reports: setting_types.KeepingTime = setting(
        "1825d", "reports in the archive, which are without what customers wrote, from when they were made"
    )
    assessments: setting_types.KeepingTime = setting(
        "1825d", "words and evidence, with files, on sheets that colleagues, superiors and auditors filled"
    )
    published: setting_types.KeepingTime = setting(
        "3650d",
        "published figures and results of appraisals, which are the company's records, from their publication on",
    )
    webhooks: setting_types.KeepingTime = setting(
        "30d", "what outgoing webhooks told, with what became of it, whether it arrived or not"
    )


class Settings(Group):
    """All settings, read once at the start."""

    locale: setting_types.Locale = setting(
        "zh-Hans",
        "language of customers who have none, and of the team without `team.locale`: `zh-Hans`, `zh-Hant`, `en`",
    )
    timezone: setting_types.ZoneName = setting("Asia/Shanghai", "time zone of customers who have none")
    files: FileSettings = FileSettings()
    database: DatabaseSettings = DatabaseSettings()
    http: HttpSettings = HttpSettings()
    api: ApiSettings = ApiSettings()
    metrics: MetricsSettings = MetricsSettings()
    traces: TraceSettings = TraceSettings()
    survey: SurveySettings = SurveySettings()
    calendar: CalendarSettings = CalendarSettings()
    alerts: AlertSettings = AlertSettings()
    team: TeamSettings = TeamSettings()
    watch: WatchSettings = WatchSettings()
    privacy: PrivacySettings = PrivacySettings()
    telegram: TelegramSettings = TelegramSettings()
    hooks: HookSettings = HookSettings()
    webhooks: WebhookSettings = WebhookSettings()
    wechat: WechatSettings = WechatSettings()
    wecom: WecomSettings = WecomSettings()
    notify: NotifySettings = NotifySettings()
    retention: RetentionSettings = RetentionSettings()
    backup: BackupSettings = BackupSettings()

    _origins: Mapping[str, str] = PrivateAttr(default_factory=dict)

    def model_post_init(self, context: Any, /) -> None:  # noqa: ANN401 (pydantic's own signature)
        """Store where each value was written."""
        self._origins = context or {}

    def groups(self) -> Iterator[Group]:
        """Yield the groups of settings in their order."""
        for name in type(self).model_fields:
            if isinstance(value := getattr(self, name), Group):
                yield value

    @property
    def public_url(self) -> str:
        """Return the address by which others reach this service."""
        return self.http.public_url

    def where(self, *keys: str) -> str:
        """Return where the first of these keys that the owner wrote stands: a file, a variable, or "default"."""
        return next((self._origins[key] for key in keys if key in self._origins), "default")
