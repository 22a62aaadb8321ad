"""Opens a finding for each item of a month that is clearly below the common level, for the team whose item it is.

A month is looked at once, when it has been over for as long as answers may come. Whether that was done is a note that
changes in the commit with the findings; their ids come from month, team and item, so a second process opens none again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.handlers.common.context import DecisionContext
from bot.handlers.improvement.warnings import LowItem, low_item_id, opened_by_low_item
from bot.handlers.phrases import dimension_name
from bot.jobs.figures.asked_figures import FigureCut
from bot.jobs.period_summary import summaries_of
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.repeated_looks import look_again
from bot.receiver import Receiver
from dialogs.admin.figure_text import value_text
from dialogs.time.periods import Period, month_so_far, named_period, period_before
from scoring.metrics.catalogue import CATALOGUE
from scoring.metrics.review import Evidence, weaknesses
from scoring.values import Value
from storage.model.note_keys import LOW_ITEMS_FOUND
from storage.model.records import Note
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["LowItemJob"]

_LOOKS_EVERY = 600.0
"""Seconds."""
_CSAT = (CATALOGUE["csat"],)
_CUTS = (FigureCut((), _CSAT), FigureCut(("team", "dimension"), _CSAT))


class LowItemJob(Value, eq=False):
    """Looks for low items of the month before; `after` is how long it has to be over."""

    receiver: Receiver
    reader: Reader
    clock: Clock
    alarms: Alarms
    after: timedelta

    async def run(self) -> None:
        """Run every ten minutes until cancelled."""
        why = "the low items of the month before wait for the next look"
        await look_again(self.look, _LOOKS_EVERY, self.alarms, alarm="low_items", why=why)

    async def look(self) -> None:
        """Open the findings of the month before, once. Nothing is done while the time is not corroborated.

        Raises what the writer raises.
        """
        now, zone = self.clock.now(), self.receiver.policy.timezone
        month = named_period(_name_before(now, self), zone)
        kept = await self.reader.notes([LOW_ITEMS_FOUND])
        is_done = bool(kept) and kept[0].value >= month.name
        if self.clock.doubt() is not None or month.until + self.after > now or is_done:
            return
        low = [self._item(month, one) for one in await self._weak(month, now)]
        findings = frozenset(low_item_id(one) for one in low)
        needs = Needs(notes=frozenset({LOW_ITEMS_FOUND}), findings=findings)
        await self.receiver.do(needs, partial(_decided, month.name, low))

    async def _weak(self, month: Period, now: datetime) -> Sequence[Evidence]:
        """Return the items of teams whose whole interval lies below the common share, the clearest first."""
        whole, by_team = await summaries_of(self.reader, month, _CUTS, now)
        return weaknesses(by_team.summary.figures, next(iter(whole.summary.figures), None))

    def _item(self, month: Period, found: Evidence) -> LowItem:
        policy, figure = self.receiver.policy, found.figure
        team, dimension = figure.cut["team"], figure.cut["dimension"]
        locale = policy.team_speaks
        value = found.common if figure.value is None else figure.value
        share, common = (value_text(one, figure.metric, policy.phrases, locale) for one in (value, found.common))
        text = policy.phrases.say(
            locale,
            "watch.low_item",
            team=team or policy.phrases.say(locale, "report.unnamed"),
            dimension=dimension_name(policy, dimension),
            month=month.name,
            share=share,
            n=figure.n,
            common=common,
        )
        return LowItem(month.name, team, dimension, text)


def _name_before(now: datetime, job: LowItemJob) -> str:
    """Return the name of the month before this one."""
    zone = job.receiver.policy.timezone
    return period_before(month_so_far(now, zone), zone).since.astimezone(zone).strftime("%Y-%m")


def _decided(month: str, low: Sequence[LowItem], context: DecisionContext) -> Decision[None]:
    note = context.snapshot.note(LOW_ITEMS_FOUND)
    if note is not None and note.value >= month:
        return Decision(Changes(), None)
    changes = Changes((Note(LOW_ITEMS_FOUND, month, context.now, note.version if note is not None else 0),))
    for one in low:
        changes += opened_by_low_item(context, one)
    return Decision(changes, None)
