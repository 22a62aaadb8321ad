"""Where the sandbox may stand in: in a database that has never served real customers, or where it is asked for.

A lost token must not turn a service with customers into a game that looks alive.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.channels.descriptor import ChannelDescriptor
from bot.channels.registry import CHANNELS, platform_channels, switched_on
from config.errors import ConfigError
from config.settings.catalog import KEYS
from config.settings.settings import Settings
from scoring.values import replace
from storage.model.note_keys import CHANNELS_SERVED
from storage.model.records import Note
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["admit_channels", "lost_channels", "sandbox_refusal"]

logger = logging.getLogger(__name__)


async def admit_channels(
    reader: Reader, writer: Writer, settings: Settings, channels: Sequence[ChannelDescriptor] = CHANNELS
) -> None:
    """Store the channels on which customers are served from now on.

    Raises ConfigError where the sandbox would stand in for one that this database has served, unless all channels are
    off because the sandbox was asked for.
    """
    known = {channel.name for channel in platform_channels(channels)}
    served = await reader.channels_served(known)
    if not all(channel.may_be_on for channel in channels):
        if served:
            logger.warning("only the sandbox is on; customers of %s are not written to", ", ".join(sorted(served)))
        return
    refusal = sandbox_refusal(settings, served, channels)
    if refusal is not None:
        raise refusal
    for channel in lost_channels(settings, served, channels):
        logger.warning("customers of %s cannot be reached: %s is not set any more", channel.name, channel.switch)
    fresh = {channel.name for channel in switched_on(settings, channels)} & known
    if not fresh <= served:
        await _remember(writer, served | fresh)


def sandbox_refusal(
    settings: Settings, served: Collection[str], channels: Sequence[ChannelDescriptor] = CHANNELS
) -> ConfigError | None:
    """Return why the sandbox may not stand in, None where it may or does not; `served` are names of channels."""
    lost = lost_channels(settings, served, channels)
    if not lost or not any(channel.stands_in for channel in switched_on(settings, channels)):
        return None
    names = " and ".join(channel.name for channel in lost)
    problem = f"It is not set, and this database has served customers on {names}: they would get a sandbox instead."
    variables = " and ".join(KEYS[channel.switch].variable for channel in lost)
    fix = f"Set it again ({variables}), or start with --sandbox to play on this database with nothing sent to anybody."
    return ConfigError("", lost[0].switch, problem, fix)


def lost_channels(
    settings: Settings, served: Collection[str], channels: Sequence[ChannelDescriptor] = CHANNELS
) -> list[ChannelDescriptor]:
    """Return the channels that have served customers and are not switched on any more."""
    on = {channel.name for channel in switched_on(settings, channels)}
    return [channel for channel in platform_channels(channels) if channel.name in served and channel.name not in on]


async def _remember(writer: Writer, names: Collection[str]) -> None:
    def write(snapshot: Snapshot, now: datetime) -> Decision[None]:
        value = ",".join(sorted(names))
        note = snapshot.note(CHANNELS_SERVED) or Note(CHANNELS_SERVED, value, now)
        return Decision(Changes((replace(note, value=value, at=now),)), None)

    await writer.decide(Job(Needs(notes=frozenset({CHANNELS_SERVED})), write))
