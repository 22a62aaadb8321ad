"""Reloads the owner's rules.toml and words while the service runs: when they change, and at once on SIGHUP."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from pathlib import Path

from bot.handlers.campaigns.calendar_entries import ORIGIN, entry_needs, keep_entries
from bot.jobs.outgoing.endpoint_desk import EndpointDesk
from bot.jobs.outgoing.file_webhooks import wanted_endpoints
from bot.process.alarms import Alarms
from bot.receiver import Receiver
from config.errors import ConfigErrors
from config.locale.words import load_lexicon
from config.rules.load import Rules, read_rules, rules_path
from config.rules.schema import Hookable
from config.settings.settings import Settings
from config.text.load import load_weighed, text_files
from dialogs.reports.report_schedules import Reportable
from dialogs.understanding.lexicon import Lexicon
from scoring.text.lexicons import Lexicons
from scoring.values import replace
from storage.model.errors import NOT_SAVED, DecisionFailed
from storage.reads.campaigns import CampaignReads
from storage.unit_of_work.writer import Decision

__all__ = ["KeepRules", "RuleSource", "RulesWatcher", "keep_rules"]

logger = logging.getLogger(__name__)
_ALARM = "rules"
_ADDRESS_ALARM = "hook_address"
_NOTHING, _NOBODY = Reportable(), Hookable()
_EVERY = 1.0
"""Seconds between looks. A change is loaded once two looks have seen the same: by then the file is written whole."""
_TRIES_AGAIN = 60
"""Looks after which addresses to which nothing is sent are looked up again."""

Seen = tuple[tuple[int, int, int] | None, ...]
"""What identifies versions of the files: time of change, size, inode. None for one that is not there."""

KeepRules = Callable[[Rules], Awaitable[Sequence[str]]]
"""Makes the campaigns and endpoints that are stored those of the rules; returns what is sent nothing, and why."""


class RuleSource:
    """The files, and what their rules may name: surveys by id, channels for customers, reports, endpoints."""

    def __init__(
        self,
        settings: Settings,
        surveys: Collection[str],
        channels: Sequence[str],
        reportable: Reportable = _NOTHING,
        hookable: Hookable = _NOBODY,
    ) -> None:
        self._settings, self._named = settings, (surveys, channels, reportable, hookable)
        self.at_start = self.seen()

    def seen(self) -> Seen:
        """Return what identifies the present version of the rules and of each file of words."""
        directory = self._settings.files.directory
        words = [*sorted((directory / "words").glob("*.toml")), *text_files(directory)]
        return tuple(_version(path) for path in (rules_path(self._settings), *words))

    def read(self) -> Rules:
        """Return the rules of the file. Raises ConfigErrors."""
        return read_rules(self._settings, *self._named)

    def words(self) -> Lexicon:
        """Return the words by which typed texts are read. Raises ConfigErrors."""
        return load_lexicon(self._settings.files.directory)

    def lexicons(self) -> Lexicons:
        """Return the words by which comments are read. Raises ConfigErrors."""
        return load_weighed(self._settings.files.directory)


def _version(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


class RulesWatcher:
    """Applies the file to the receiver's policy, campaigns and endpoints. A wrong file changes nothing."""

    def __init__(self, source: RuleSource, rules: Rules, receiver: Receiver, alarms: Alarms, keep: KeepRules) -> None:
        """Start with the rules that were read from `source` when it was made."""
        self._source, self._receiver, self._alarms = source, receiver, alarms
        self._keep, self._rules = keep, rules
        self._looks_until_kept: int | None = 0
        self._taken = self._seen = source.at_start
        self._wrong = ""
        self._called = asyncio.Event()

    def look_again(self) -> None:
        """Read the file at once, whether it has changed or not."""
        self._called.set()

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            await self._keep_stored()
            is_called = await self._nap()
            await self._look(is_called=is_called)

    async def _nap(self) -> bool:
        """Wait until the next look is due; return whether `look_again` was called."""
        try:
            async with asyncio.timeout(_EVERY):
                await self._called.wait()
        except TimeoutError:
            return False
        self._called.clear()
        return True

    async def _look(self, *, is_called: bool) -> None:
        before, self._seen = self._seen, await asyncio.to_thread(self._source.seen)
        if is_called or (self._seen != self._taken and self._seen == before):
            self._taken = self._seen
            await self._read()
        elif self._wrong:
            self._alarms.sound(_ALARM, self._wrong)

    async def _read(self) -> None:
        try:
            rules = await asyncio.to_thread(self._source.read)
            words = await asyncio.to_thread(self._source.words)
            lexicons = await asyncio.to_thread(self._source.lexicons)
        except ConfigErrors as wrong:
            self._refuse(wrong)
            return
        self._wrong = ""
        self._alarms.over(_ALARM)
        policy = self._receiver.policy.with_words(words)
        comments = policy.comments.with_lexicons(lexicons)
        self._receiver.adopt(replace(policy, rules=rules.book, reports=rules.reports, comments=comments))
        self._rules, self._looks_until_kept = rules, 0
        taken = len(rules.book.rules), len(rules.calendar), len(rules.webhooks)
        logger.info("rules taken over: %d rules, %d calendar entries, %d endpoints of webhooks", *taken)

    def _refuse(self, wrong: ConfigErrors) -> None:
        """Keep the running rules, and raise an alarm that lists every mistake."""
        self._wrong = f"The running rules stay: {' · '.join(map(str, wrong.errors))}"
        logger.warning("rules not taken over: %s", self._wrong)
        self._alarms.sound(_ALARM, self._wrong)

    async def _keep_stored(self) -> None:
        """Apply what is stored; leave it to the next look if the database is away or another process is first."""
        if self._looks_until_kept is None:
            return
        if self._looks_until_kept:
            self._looks_until_kept -= 1
            return
        try:
            unsent = await self._keep(self._rules)
        except NOT_SAVED as error:
            logger.warning("the calendar and webhooks of the rules are not kept yet: %s", error)
        except DecisionFailed as error:
            self._alarms.sound(_ALARM, f"the calendar and webhooks of the rules cannot be kept: {error}")
        else:
            self._tell_of(unsent)

    def _tell_of(self, unsent: Sequence[str]) -> None:
        """Raise the alarm for endpoints of the file that are sent nothing, and look them up again after a while."""
        self._looks_until_kept = _TRIES_AGAIN if unsent else None
        if not unsent:
            self._alarms.over(_ADDRESS_ALARM)
            return
        told = f"[[webhooks]] in rules.toml: {'; '.join(unsent)}. Correct it there"
        self._alarms.sound(_ADDRESS_ALARM, told)


def keep_rules(receiver: Receiver, campaigns: CampaignReads, hooks: EndpointDesk) -> KeepRules:
    """Return the function that applies the rules to the campaigns and endpoints that came from the file."""

    async def keep(rules: Rules) -> Sequence[str]:
        entries = rules.calendar
        known = [campaign.id for campaign in await campaigns.all() if campaign.origin == ORIGIN]
        needs = entry_needs(entries, known)
        await receiver.do(needs, lambda context: Decision(keep_entries(context, entries, known), None))
        return await hooks.keep(wanted_endpoints(rules.webhooks))

    return keep
