"""Published periods in JSON."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.http.api.periods.content import FIGURES, PublishRequest, StandingPublication
from bot.http.api.schemas.field_types import Language, Name, NoteText
from bot.http.api.schemas.ticket_request import RequestBody
from dialogs.phrases import Phrases
from dialogs.time.local_time import wall_of
from dialogs.time.periods import Period
from scoring.metrics.fact_changes import ChangeKind, FactChange
from storage.model.publications import Publication, content_digest

__all__ = [
    "PeriodOut",
    "PublicationOut",
    "PublicationPage",
    "PublishBody",
    "PublishedOut",
    "period_out",
    "publication_out",
    "published_out",
]


class PublishBody(RequestBody):
    """Who publishes what: a revision of a number is published once."""

    by: Name
    revision: int = Field(1, ge=1, le=10_000)
    reason: NoteText | None = Field(None, description="why a later revision is published; needed from 2 on")
    cuts: tuple[str, ...] | None = Field(
        None, max_length=20, description='of figures: each as `by` of the summary, empty for all; `[""]` if left out'
    )
    metrics: tuple[str, ...] | None = Field(None, max_length=50, description="of figures: ids; all if left out")
    subjects: tuple[str, ...] | None = Field(
        None, max_length=1000, description="of a form's scores: whose; of everybody with a sheet if left out"
    )
    locale: Language | None = None

    def wanted(self, period: str, about: str) -> PublishRequest:
        """Return what is to be published: of figures their cuts, of scores their subjects."""
        return PublishRequest(
            period,
            about,
            self.revision,
            self.by,
            asked=self.cuts if about == FIGURES else self.subjects,
            metrics=self.metrics,
            locale=self.locale or "",
            reason=self.reason or "",
        )


class ChangeOut(BaseModel):
    """Something that happened to what was counted."""

    kind: ChangeKind
    n: int
    reason: str | None = Field(description="of an exclusion")
    text: str


class PublishedOut(BaseModel):
    """A revision without its content."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: str
    about: str = Field(description="`figures`, or the form whose scores they are")
    period: str
    revision: int
    since: datetime = Field(serialization_alias="from")
    until: datetime = Field(serialization_alias="to")
    timezone: str
    asked: tuple[str, ...] = Field(description="cuts of figures, subjects of scores; empty for everybody")
    metrics: tuple[str, ...]
    digest: str = Field(description="SHA-256 of the content")
    inputs_digest: str = Field(description="SHA-256 of what it was computed from")
    rules: str
    rules_from: str | None = Field(description="the day from which these rules hold; null where they always did")
    by: str
    at: datetime
    reason: str | None
    changes: tuple[ChangeOut, ...] = Field(description="what happened since the revision before")
    text: str = Field(description="the changes in a line")


class PublicationOut(PublishedOut):
    """A revision with what was published."""

    verified: bool = Field(description="whether the content still has its digest")
    content: list[Any] = Field(description="the summaries of the cuts, or the results of the subjects, as published")


class PublicationPage(BaseModel):
    """A page of revisions; `next` is the cursor of the page after it."""

    items: tuple[PublishedOut, ...]
    next: str | None


class WaitingOut(BaseModel):
    """What has happened since the latest revision, and waits for the next one."""

    about: str
    revision: int
    waiting: tuple[ChangeOut, ...]
    text: str


class PeriodOut(BaseModel):
    """A period with its days, whether it is over, and what is published about it."""

    model_config = ConfigDict(serialize_by_alias=True)

    period: str
    since: datetime = Field(serialization_alias="from")
    until: datetime = Field(serialization_alias="to")
    first_day: str
    first_weekday: str = Field(description="such as monday, with which every week begins (ISO 8601)")
    last_day: str
    timezone: str
    provisional: bool = Field(description="it is not over: its figures change, and are not published")
    text: str
    published: tuple[WaitingOut, ...]


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _told(changes: Iterable[FactChange], phrases: Phrases, locale: str) -> tuple[ChangeOut, ...]:
    """Return changes with their words."""
    return tuple(
        ChangeOut(
            kind=one.kind,
            n=one.n,
            reason=one.reason or None,
            text=phrases.say(locale, f"published.{one.kind}", n=one.n, reason=one.reason),
        )
        for one in changes
    )


def published_out(head: Publication, phrases: Phrases, locale: str) -> PublishedOut:
    """Return a revision without its content as the API shows it."""
    return PublishedOut(**_fields(head, phrases, locale))


def publication_out(published: Publication, phrases: Phrases, locale: str) -> PublicationOut:
    """Return a revision with its content as the API shows it."""
    return PublicationOut(
        **_fields(published, phrases, locale),
        verified=content_digest(published.content) == published.digest,
        content=json.loads(published.content),
    )


def _fields(head: Publication, phrases: Phrases, locale: str) -> dict[str, Any]:
    zone, changes = ZoneInfo(head.timezone), _told(head.changes, phrases, locale)
    return {
        "id": head.id,
        "about": head.about,
        "period": head.period,
        "revision": head.number,
        "since": head.since.astimezone(zone),
        "until": head.until.astimezone(zone),
        "timezone": head.timezone,
        "asked": head.asked,
        "metrics": head.metrics,
        "digest": head.digest,
        "inputs_digest": head.inputs_digest,
        "rules": head.rules,
        "rules_from": head.rules_from or None,
        "by": head.by,
        "at": head.at,
        "reason": head.reason or None,
        "changes": changes,
        "text": _line(changes, phrases, locale),
    }


def _line(changes: Iterable[ChangeOut], phrases: Phrases, locale: str) -> str:
    return phrases.say(locale, "published.separator").join(one.text for one in changes)


def _waiting_out(one: StandingPublication, phrases: Phrases, locale: str) -> WaitingOut:
    changes = _told(one.waiting, phrases, locale)
    text = phrases.say(locale, "published.waits", changes=_line(changes, phrases, locale)) if changes else ""
    return WaitingOut(about=one.latest.about, revision=one.latest.number, waiting=changes, text=text)


def period_out(
    period: Period,
    zone: ZoneInfo,
    standing: Iterable[StandingPublication],
    phrases: Phrases,
    locale: str,
    *,
    is_over: bool,
) -> PeriodOut:
    """Return a period as the API shows it."""
    first, last = wall_of(period.since, zone), wall_of(period.until - timedelta(hours=1), zone)
    return PeriodOut(
        period=period.name,
        since=period.since.astimezone(zone),
        until=period.until.astimezone(zone),
        first_day=first.date().isoformat(),
        first_weekday=_WEEKDAYS[first.weekday()],
        last_day=last.date().isoformat(),
        timezone=zone.key,
        provisional=not is_over,
        text="" if is_over else phrases.say(locale, "figure.provisional"),
        published=tuple(_waiting_out(one, phrases, locale) for one in standing),
    )
