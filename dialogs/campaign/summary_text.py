"""The summary of a campaign, line by line: what it sends, to whom, when, and its progress."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

from dialogs.campaign.audience_parser import audience_text
from dialogs.campaign.model import Campaign, CampaignState, Figures, Schedule
from dialogs.phrases import Phrases, placeholders
from dialogs.sanitize import clipped, one_line
from dialogs.survey import Survey, in_locale
from scoring.values import Value, field

__all__ = ["PLACEHOLDERS", "CampaignLines", "percent"]

PLACEHOLDERS = ("name", "subject", "ticket", "agent", "team", "product")
"""The placeholders that a campaign's text may have, in braces."""
_LONGEST_NAME = 60
_LONGEST_TEXT = 1500
_CELLS = 10
_SHOWN = 10
_AT_LEAST = timedelta(minutes=1)


def percent(figures: Figures) -> int:
    """Return the share of targets that are done, in per cent, 0 to 100; 100 where there are none."""
    total = figures.sent + figures.failed + figures.waiting
    return 100 * (figures.sent + figures.failed) // total if total else 100


class CampaignLines(Value):
    """The summary of a campaign at the moment `now`; times are in `zone` unless the schedule has its own."""

    campaign: Campaign
    phrases: Phrases
    locale: str
    zone: ZoneInfo
    now: datetime
    survey: Survey | None = None
    figures: Figures = field(default_factory=Figures)
    counting: bool = False

    def say(self, key: str, **values: object) -> str:
        """Return the phrase `admin.campaign.KEY`."""
        return self.phrases.say(self.locale, f"admin.campaign.{key}", **values)

    def number(self, number: float) -> str:
        """Return a number as text."""
        return self.phrases.number(self.locale, number)

    def title(self) -> str:
        """Return the campaign's name and state."""
        name = one_line(self.campaign.name, _LONGEST_NAME)
        return self.say("title", name=name, state=self.say(f"state.{self.campaign.state}"))

    def what(self) -> Iterator[str]:
        """Yield the lines about what it sends and to whom, as far as that has been chosen."""
        campaign = self.campaign
        kind = self.say(f"kind.{campaign.kind}")
        if not campaign.name.startswith(kind):
            yield self.say("what", kind=kind)
        if self.survey is not None:
            yield self.say("survey", name=in_locale(self.survey.title, self.locale))
        if audience := audience_text(campaign.audience, self.locale):
            yield self.say("audience", audience=audience)
        if campaign.text:
            yield self.say("text", text=clipped(self._sample(campaign.text), _LONGEST_TEXT))

    def when(self) -> str:
        """Return the line about when it sends."""
        schedule = self.campaign.schedule
        if schedule.repeats:
            return self.say("when_again", when=schedule.repeats, zone=schedule.timezone)
        if schedule.at is None:
            return self.say("when_now")
        return self.say("when_at", when=self.moment(schedule.at), zone=_zone(schedule, self.zone).key)

    def moment(self, at: datetime) -> str:
        """Return a moment in the campaign's time zone."""
        return self.phrases.dated(self.locale, at, _zone(self.campaign.schedule, self.zone))

    def preview(self) -> Iterator[str]:
        """Yield the expected result: how many people it reaches, examples, who is skipped and why, its duration."""
        figures = self.figures
        reached = figures.audience - sum(figures.skipped.values())
        yield self.say("reaches", count=reached)
        yield from self.skipped()
        if figures.examples:
            yield self.say("examples", names="、".join(figures.examples[:_SHOWN]))
        if figures.ends_at is not None and reached:
            starts_at = max(self.campaign.schedule.at or self.now, self.now)
            duration = self.phrases.span(self.locale, max(figures.ends_at - starts_at, _AT_LEAST))
            rate = self.number(self.campaign.per_minute)
            yield self.say("pace", pace=rate, span=duration, end=self.moment(figures.ends_at))

    def progress(self) -> Iterator[str]:
        """Yield the progress, with a bar."""
        figures, done = self.figures, percent(self.figures)
        filled = _CELLS * done // 100
        if self.campaign.state is not CampaignState.CANCELLED:
            yield f"{'▓' * filled}{'░' * (_CELLS - filled)} {done} %"
        sent, failed, waiting = (self.number(n) for n in (figures.sent, figures.failed, figures.waiting))
        yield self.say("progress", sent=sent, failed=failed, waiting=waiting)
        yield from self.skipped()

    def skipped(self) -> Iterator[str]:
        """Yield the line about who is skipped: how many, by reason."""
        skipped = {reason: count for reason, count in sorted(self.figures.skipped.items()) if count}
        if skipped:
            reasons = " · ".join(f"{self._reason(reason)} {self.number(n)}" for reason, n in skipped.items())
            yield self.say("skipped", total=self.number(sum(skipped.values())), reasons=reasons)

    def why(self) -> Iterator[str]:
        """Yield the line about why it stopped by itself."""
        if self.campaign.why:
            yield self.say("why", why=self._known("admin.stopped", self.campaign.why))

    def _sample(self, text: str) -> str:
        """Return a text with its placeholders filled by sample values."""
        holes = placeholders(text) & frozenset(PLACEHOLDERS)
        samples = ((hole, self.phrases.say(self.locale, f"admin.sample.{hole}")) for hole in holes)
        return reduce(lambda filled, sample: filled.replace(f"{{{sample[0]}}}", sample[1]), samples, text)

    def _reason(self, reason: str) -> str:
        return self._known("admin.skip", reason)

    def _known(self, group: str, word: str) -> str:
        """Return a known word in the admin's language; any other as it is written."""
        key = f"{group}.{word}"
        return self.phrases.say(self.locale, key) if key in self.phrases.texts[self.locale] else word


def _zone(schedule: Schedule, zone: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(schedule.timezone) if schedule.timezone else zone
