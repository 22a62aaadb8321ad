"""Draws the charts of low ratings, by team and dimension, and tells the team's chats when one leaves its limits.

A week or day is judged once, when it has been over for a while; its figures come from the sums of ratings. Charts that
are judged in one look share the chance of a false alarm. What is
known of a chart, and whether the team was told, is a note that changes in the commit that writes the message: a
restart, a repetition and a second process find what is done already, and nothing is told twice.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.handlers.common.policy import Policy
from bot.handlers.improvement.warnings import ChartName, chart_finding_id, opened_by_chart
from bot.handlers.phrases import dimension_name
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.repeated_looks import look_again
from bot.receiver import Receiver
from dialogs.admin.excursion import excursion_message, excursion_points, recovery_message
from dialogs.admin.lists import AdminLocale
from dialogs.ids import derive
from dialogs.messages import Prompt
from dialogs.time.local_time import wall_of
from dialogs.time.named_days import NamedDays, PeriodLength, days_containing
from dialogs.time.periods import days_of
from dialogs.time.recurrence import Recurrence, next_run
from scoring.honesty.charts import ChartRules, SharePoint, with_bucket
from scoring.metrics.catalogue import MetricSource
from scoring.metrics.facts import RatingCount
from scoring.metrics.low_shares import low_shares
from scoring.metrics.ratings import rating_parts
from scoring.values import Value, replace
from storage.model.note_keys import chart_key, watch_key
from storage.model.records import Note, OutboxMessage
from storage.model.watched_charts import WatchedChart, WatchProgress, chart_from, note_text, progress_from
from storage.reads.figures.figure_facts import FigureInput
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["EarlyWarningJob", "drawn_charts"]

_LOOKS_EVERY = 60.0
"""Seconds."""
_EARLIEST = timedelta(days=371)
"""How far back the first look goes: 53 weeks."""
_TOGETHER = 50
"""Charts in one commit."""
_TICKETS, _ANSWERS = 5, 500
_LENGTHS = {"week": PeriodLength.WEEK, "day": PeriodLength.DAY}
_METRIC = "bad_review_rate"

Subject = tuple[str, str]
"""A team and a dimension."""
Buckets = Mapping[Subject, Sequence[SharePoint]]


class EarlyWarningJob(Value, eq=False):
    """Draws the charts at the times of `watch.at`, None for never; `after` is how long a bucket has to be over."""

    receiver: Receiver
    reader: Reader
    clock: Clock
    alarms: Alarms
    when: Recurrence | None
    after: timedelta

    @property
    def rules(self) -> ChartRules:
        """The rules by which charts are drawn now."""
        return self.receiver.policy.charts

    async def run(self) -> None:
        """Run every minute until cancelled; end at once where no chart is wanted."""
        if self.when is not None:
            look = partial(self.look, self.when)
            await look_again(
                look, _LOOKS_EVERY, self.alarms, alarm="watch", why="the charts of low ratings wait for the next minute"
            )

    async def look(self, when: Recurrence) -> None:
        """Draw what is new, if a time for it has passed since the last look; the first time, all of the past year.

        The first look notes from when on times count. Nothing is due while the time is not corroborated, nor while the
        sample company is loaded, of which the team is to do nothing. Raises what the writer raises.
        """
        now, zone = self.clock.now(), self.receiver.policy.timezone
        if self.clock.doubt() is not None or await self.reader.is_sample():
            return
        kept = await self.reader.notes([watch_key(self.rules.bucket)])
        if not kept or kept[0].at > now:  # one of the future was made by a clock that was wrong
            await self._note(WatchProgress(), [])
            return
        due, progress = next_run(when, zone, kept[0].at), progress_from(kept[0].value)
        if due is None or due > now:
            return
        fresh, until = await self._new_buckets(progress, now, zone)
        subjects = sorted(fresh)
        rules = replace(self.rules, charts=max(len(subjects), 1))
        for start in range(0, len(subjects), _TOGETHER):
            await self._draw({subject: fresh[subject] for subject in subjects[start : start + _TOGETHER]}, rules)
        await self._note(replace(progress, until=until), subjects)

    async def _new_buckets(
        self, progress: WatchProgress, now: datetime, zone: ZoneInfo
    ) -> tuple[dict[Subject, list[SharePoint]], str]:
        """Read the weeks or days that are over for long enough; return them by chart, and the day they end with."""
        found: dict[Subject, list[SharePoint]] = {}
        until, length = progress.until, _LENGTHS[self.rules.bucket]
        first = date.fromisoformat(until) if until else wall_of(now - _EARLIEST, zone).date()
        bucket = days_containing(first, length)
        while (ends := _ends(bucket, zone)) + self.after <= now:
            ratings = await self.reader.ratings(_begins(bucket, zone), ends)
            until = bucket.until.isoformat()
            for subject, (n, bad) in low_shares(ratings.counts, ratings.repeated).items():
                found.setdefault(subject, []).append(SharePoint(bucket.first.isoformat(), until, n, bad))
            bucket = days_containing(bucket.until, length)
        return found, until

    async def _draw(self, fresh: Buckets, rules: ChartRules) -> None:
        keys = {subject: chart_key(rules.bucket, *subject) for subject in fresh}
        kept = {note.key: chart_from(note.value) for note in await self.reader.notes(list(keys.values()))}
        low, findings = dict[Subject, list[FigureInput]](), set[str]()
        for subject, key in keys.items():
            drawn = _drawn(kept.get(key) or WatchedChart(*subject), fresh[subject], rules)
            if drawn.chart.state.since and not drawn.told:
                low[subject] = await self._low(drawn)
                findings.add(chart_finding_id((rules.bucket, *subject), drawn.chart.state.since))
        responses = frozenset(one.thing for found in low.values() for one in found)
        needs = Needs(notes=frozenset(keys.values()), interviews=responses, findings=frozenset(findings))
        await self.receiver.do(needs, lambda context: self._decided(context, fresh, low, rules))

    def _decided(
        self, context: DecisionContext, fresh: Buckets, low: Mapping[Subject, list[FigureInput]], rules: ChartRules
    ) -> Decision[None]:
        """Return the notes of the charts that have changed, what is told of them, and a finding for each excursion."""
        changes = Changes()
        for subject, buckets in fresh.items():
            note = context.snapshot.note(chart_key(rules.bucket, *subject))
            before = chart_from(note.value) if note is not None else WatchedChart(*subject)
            after = _drawn(before, buckets, rules)
            if after.until == before.until:
                continue
            behind = low.get(subject, [])
            prompt = self._prompt(context.policy, before, after, _tickets(behind))
            after = replace(after, told=after.chart.state.since)
            key, version = chart_key(rules.bucket, *subject), note.version if note is not None else 0
            note_now = Note(key, note_text(after), context.now, version)
            chart = (rules.bucket, *subject)
            changes += Changes((note_now, *_messages(context, chart, after, prompt)))
            if prompt is not None and after.told:
                text, responses = prompt.text.splitlines()[0], [one.thing for one in behind]
                changes += opened_by_chart(context, chart, after.told, text, responses)
        return Decision(changes, None)

    def _prompt(
        self, policy: Policy, before: WatchedChart, after: WatchedChart, tickets: Sequence[str]
    ) -> Prompt | None:
        admin = AdminLocale(policy.phrases, policy.team_speaks, policy.timezone)
        subject = (after.team, dimension_name(policy, after.dimension))
        if after.chart.state.since:
            return None if after.told else excursion_message(subject, after.chart, tickets, _figure(after), admin)
        return recovery_message(subject, after.chart, admin) if before.told else None

    async def _low(self, drawn: WatchedChart) -> list[FigureInput]:
        """Return the first low ratings in the excursion."""
        points, zone = excursion_points(drawn.chart), self.receiver.policy.timezone
        days = [date.fromisoformat(day) for day in (points[0].point.begins, points[-1].point.ends)]
        period, cut = days_of(days[0], days[1], zone), {"team": drawn.team, "dimension": drawn.dimension}
        ends = (period.since, period.until)
        found = await self.reader.figure_inputs(ends, MetricSource.RATINGS, cut, _ANSWERS)
        return [one for one in found if isinstance(one.fact, RatingCount) and _is_low(one.fact)]

    async def _note(self, progress: WatchProgress, subjects: Sequence[Subject]) -> None:
        key = watch_key(self.rules.bucket)

        def decide(context: DecisionContext) -> Decision[None]:
            note = context.snapshot.note(key)
            known = progress_from(note.value if note is not None else "")
            every = WatchProgress(max(progress.until, known.until), tuple(sorted({*known.charts, *subjects})))
            return Decision(Changes((Note(key, note_text(every), context.now, note.version if note else 0),)), None)

        await self.receiver.do(Needs(notes=frozenset({key})), decide)


async def drawn_charts(reader: Reader, bucket: str, team: str, dimension: str) -> list[WatchedChart]:
    """Return the charts by week or day, of one team or dimension where they are named."""
    listed = await reader.notes([watch_key(bucket)])
    known = progress_from(listed[0].value).charts if listed else ()
    wanted = [one for one in known if team in ("", one[0]) and dimension in ("", one[1])]
    kept = await reader.notes([chart_key(bucket, *one) for one in wanted])
    return sorted((chart_from(note.value) for note in kept), key=lambda chart: (chart.team, chart.dimension))


def _drawn(before: WatchedChart, buckets: Sequence[SharePoint], rules: ChartRules) -> WatchedChart:
    """Return a chart with the buckets that it does not have; `told` is empty for an excursion that ended."""
    chart, until = before.chart, before.until
    for bucket in buckets:
        if bucket.begins >= until:
            chart, until = with_bucket(chart, bucket, rules), bucket.ends
    is_same = chart.state.since == before.told
    return WatchedChart(before.team, before.dimension, chart, until, before.told if is_same else "")


def _begins(days: NamedDays, zone: ZoneInfo) -> datetime:
    return days_of(days.first, days.until, zone).since


def _ends(days: NamedDays, zone: ZoneInfo) -> datetime:
    return days_of(days.first, days.until, zone).until


def _tickets(low: Sequence[FigureInput]) -> list[str]:
    """Return the first tickets of these ratings."""
    return list(dict.fromkeys(f"{one.source}/{one.ticket}" for one in low if one.ticket))[:_TICKETS]


def _is_low(rating: RatingCount) -> bool:
    return (rating_parts(_METRIC, rating) or (0, 0))[0] > 0


def _figure(chart: WatchedChart) -> str:
    """Return the id of the figure over the excursion, whose explanation lists every ticket."""
    points = excursion_points(chart.chart)
    period = f"{points[0].point.begins}..{points[-1].point.ends}"
    cut = {"team": chart.team, "dimension": chart.dimension}
    named = ",".join(f"{key}={value if value.isalnum() else quote(value, safe='')}" for key, value in cut.items())
    return f"{_METRIC}:{period}:{named}"


def _messages(
    context: DecisionContext, chart: ChartName, after: WatchedChart, prompt: Prompt | None
) -> list[OutboxMessage]:
    if prompt is None:
        return []
    what = ("out", "watch", *chart, after.until, after.told)
    return [
        message_to_team(context, place, prompt, derive(*what, place.channel, place.chat))
        for place in context.policy.team
    ]
