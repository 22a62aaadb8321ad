"""The kinds of value that settings have, as types that pydantic reads."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, InstanceOf, PlainSerializer, SecretStr

from config.values import secrets as secrets_of
from config.values.days import read_country, read_days, read_flag
from config.values.durations import read_duration, read_keeping, read_nightly, read_quiet_hours, read_span, read_times
from config.values.numbers import read_chat_id, read_limit, read_rate, whole
from config.values.strings import choice_of, read_field_pairs, read_id, read_line, read_user_ids, read_words
from config.values.targets import read_targets
from config.values.templates import CLOSURE_PLACES, INVITATION_PLACES, read_field_paths, template_fields
from config.values.urls_and_zones import (
    ListenAddress,
    Network,
    read_directory,
    read_host,
    read_listen,
    read_locale,
    read_networks,
    read_url,
    read_zone,
)
from dialogs.time.contact_hours import DailyHours
from dialogs.time.recurrence import Recurrence
from scoring.metrics.metric_targets import MetricTarget

__all__ = [
    "AesKey",
    "AnswerCount",
    "AnySecret",
    "AskedContact",
    "BackupCount",
    "BearerKeys",
    "BotToken",
    "Bucket",
    "Burst",
    "ChatId",
    "CloseOut",
    "ClosureFields",
    "ConnectionCount",
    "Country",
    "DatabaseUrl",
    "Days",
    "Directory",
    "Duration",
    "FieldPairs",
    "FieldPaths",
    "Host",
    "Hours",
    "InvitationFields",
    "KeepingTime",
    "Listen",
    "Locale",
    "MenuMode",
    "MetricTargets",
    "Mode",
    "MonthNumber",
    "Networks",
    "NightlyTimes",
    "OneLine",
    "PointCount",
    "Port",
    "ProxyUrl",
    "Rate",
    "RatingLimit",
    "RecurrenceCount",
    "SecretUrl",
    "SharePercent",
    "SharedSecrets",
    "SigningSecrets",
    "Span",
    "SurveyId",
    "Targets",
    "Times",
    "Url",
    "UserIds",
    "WebhookSecret",
    "WordList",
    "YesNo",
    "ZoneName",
]

Duration = Annotated[timedelta, BeforeValidator(read_duration)]
Span = Annotated[timedelta, BeforeValidator(read_span)]
Hours = Annotated[InstanceOf[DailyHours] | None, BeforeValidator(read_quiet_hours), PlainSerializer(str)]

MetricTargets = Annotated[InstanceOf[tuple[MetricTarget, ...]], BeforeValidator(read_targets)]
"""What an owner wants figures to reach."""
NightlyTimes = Annotated[InstanceOf[Recurrence] | None, BeforeValidator(read_nightly), PlainSerializer(str)]
Times = Annotated[InstanceOf[Recurrence] | None, BeforeValidator(read_times), PlainSerializer(str)]
KeepingTime = Annotated[timedelta | None, BeforeValidator(read_keeping)]

YesNo = Annotated[bool, BeforeValidator(read_flag)]
Country = Annotated[str, BeforeValidator(read_country)]
Days = Annotated[InstanceOf[frozenset[date]], BeforeValidator(read_days)]

Rate = Annotated[float, BeforeValidator(read_rate)]
RatingLimit = Annotated[Fraction, BeforeValidator(read_limit)]
Port = Annotated[int, BeforeValidator(whole(1, 65535))]
BackupCount = Annotated[int, BeforeValidator(whole(1, 1000))]
Burst = Annotated[int, BeforeValidator(whole(1, 1_000_000))]
ChatId = Annotated[int, BeforeValidator(read_chat_id)]

Directory = Annotated[Path, BeforeValidator(read_directory)]
Url = Annotated[str, BeforeValidator(read_url)]
Host = Annotated[str, BeforeValidator(read_host)]
Listen = Annotated[InstanceOf[ListenAddress], BeforeValidator(read_listen), PlainSerializer(str)]
Networks = Annotated[InstanceOf[tuple[Network, ...]], BeforeValidator(read_networks)]
ConnectionCount = Annotated[int, BeforeValidator(whole(1, 1_000_000))]
Locale = Annotated[str, BeforeValidator(read_locale)]
ZoneName = Annotated[str, BeforeValidator(read_zone)]

SurveyId = Annotated[str, BeforeValidator(read_id)]
OneLine = Annotated[str, BeforeValidator(read_line)]
FieldPairs = Annotated[tuple[tuple[str, str], ...], BeforeValidator(read_field_pairs)]
"""Channels with the field that holds a chat there."""
FieldPaths = Annotated[dict[str, str], BeforeValidator(read_field_paths)]
"""Names with where they stand in a JSON."""
WordList = Annotated[tuple[str, ...], BeforeValidator(read_words)]
UserIds = Annotated[tuple[int, ...], BeforeValidator(read_user_ids)]
Mode = Annotated[Literal["polling", "webhook"], BeforeValidator(choice_of("polling", "webhook"))]
AskedContact = Annotated[
    Literal["off", "name", "phone", "both"], BeforeValidator(choice_of("off", "name", "phone", "both"))
]
CloseOut = Annotated[Literal["off", "high", "all"], BeforeValidator(choice_of("off", "high", "all"))]
Bucket = Annotated[Literal["week", "day"], BeforeValidator(choice_of("week", "day"))]
MonthNumber = Annotated[int, BeforeValidator(whole(0, 12))]
SharePercent = Annotated[int, BeforeValidator(whole(0, 99))]
PointCount = Annotated[int, BeforeValidator(whole(4, 200))]
RecurrenceCount = Annotated[int, BeforeValidator(whole(0, 1000))]
AnswerCount = Annotated[int, BeforeValidator(whole(5, 100_000))]
MenuMode = Annotated[Literal["auto", "text"], BeforeValidator(choice_of("auto", "text"))]
InvitationFields = Annotated[dict[str, str], BeforeValidator(template_fields(*INVITATION_PLACES))]
ClosureFields = Annotated[dict[str, str], BeforeValidator(template_fields(*CLOSURE_PLACES))]

AnySecret = Annotated[SecretStr, BeforeValidator(secrets_of.secret(r"[ -~]+", "Write it in ASCII, in one line."))]
BotToken = Annotated[
    SecretStr,
    BeforeValidator(secrets_of.secret(r"[A-Za-z0-9:_-]+", "Copy it from @BotFather: digits, a colon, letters.")),
]
WebhookSecret = Annotated[
    SecretStr,
    BeforeValidator(secrets_of.secret(r"[A-Za-z0-9_-]{1,256}", "Write 1 to 256 letters, digits, `_` and `-`.")),
]
"""Bot API, setWebhook: `secret_token`."""
SigningSecrets = Annotated[tuple[SecretStr, ...], BeforeValidator(secrets_of.read_signing_secrets)]
SharedSecrets = Annotated[tuple[SecretStr, ...], BeforeValidator(secrets_of.read_shared_secrets)]
AesKey = Annotated[
    SecretStr, BeforeValidator(secrets_of.secret(r"[A-Za-z0-9]{43}", "Copy the 43 characters of EncodingAESKey."))
]
BearerKeys = Annotated[tuple[SecretStr, ...], BeforeValidator(secrets_of.read_keys)]
DatabaseUrl = Annotated[SecretStr, BeforeValidator(secrets_of.read_database_secret)]
SecretUrl = Annotated[SecretStr, BeforeValidator(secrets_of.read_address_secret)]
ProxyUrl = Annotated[SecretStr, BeforeValidator(secrets_of.read_proxy_secret)]
Targets = Annotated[tuple[SecretStr, ...], BeforeValidator(secrets_of.read_target_secrets)]
