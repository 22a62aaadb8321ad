"""What is done once at the start: surveys remembered, moved groups known, the key of links drawn."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

from bot.chat_migrations import Moves
from bot.ports import RaiseAlarm, SecretSource
from bot.process.alarms import log_alarm
from bot.receiver import Versions
from config.errors import ConfigError
from config.surveys.canonical_json import survey_from_json, survey_json
from dialogs.messages import Address
from dialogs.survey import Survey, SurveyKey
from storage.model.errors import WriteConflict
from storage.model.note_keys import LINKS_KEY, migration_key
from storage.model.records import Note, StoredSurvey
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["known_surveys", "remember_moves", "signing_key", "stored_survey", "stored_versions"]

logger = logging.getLogger(__name__)


async def known_surveys(reader: Reader, writer: Writer, surveys: Mapping[str, Survey]) -> dict[SurveyKey, Survey]:
    """Return every version ever asked, and remember today's; raises ConfigError where a version changed its words.

    An interview keeps the version it began with, so a version may not mean two things. Of processes that start
    together with a new version one stores it, and the others look again.
    """
    while True:
        rows = await reader.surveys()
        stored = {row.key: row.body for row in rows}
        for survey in surveys.values():
            if survey.key in stored and stored[survey.key] != survey_json(survey):
                raise _changed(survey)
        fresh = [survey for survey in surveys.values() if survey.key not in stored]
        try:
            if fresh:
                await writer.decide(Job(Needs(), partial(_remembered, fresh)))
        except WriteConflict as conflict:
            if {row.key for row in await reader.surveys()} == stored.keys():
                raise
            logger.info("another process stores surveys as well: %s", conflict)
        else:
            return {survey.key: survey for survey in _readable(rows, log_alarm)}


def stored_versions(reader: Reader) -> Versions:
    """Return what reads the stored versions of a survey."""

    async def versions(survey: str, alarm: RaiseAlarm) -> Iterable[Survey]:
        return _readable(await reader.surveys(survey), alarm)

    return versions


def _readable(rows: Iterable[StoredSurvey], alarm: RaiseAlarm) -> list[Survey]:
    """Return the surveys of these rows; for those that this version of the product cannot read raise the alarm."""
    found = [(row, stored_survey(row)) for row in rows]
    for row in (row for row, survey in found if survey is None):
        alarm("surveys", f"version {row.number} of survey {row.id!r} in the database cannot be read")
    return [survey for _, survey in found if survey is not None]


def stored_survey(row: StoredSurvey) -> Survey | None:
    """Return the survey that a row holds, None where this version of the product cannot read it."""
    try:
        return survey_from_json(row.body)
    except (KeyError, TypeError, ValueError):
        return None


async def remember_moves(writer: Writer, team: Iterable[Address], moves: Moves) -> None:
    """Load the present ids of the team's groups that moved."""
    keys = [migration_key(place) for place in team]

    def look(snapshot: Snapshot, _now: datetime) -> Decision[list[Note]]:
        return Decision(Changes(), [note for key in keys if (note := snapshot.note(key)) is not None])

    notes = await writer.decide(Job(Needs(notes=frozenset(keys)), look))
    moves.learn(notes)


async def signing_key(writer: Writer, secrets: SecretSource) -> bytes:
    """Return the secret that signs links to pages; it is drawn once, and lives in the database with what it opens."""
    drawn = secrets.token()

    def keep(snapshot: Snapshot, now: datetime) -> Decision[str]:
        known = snapshot.note(LINKS_KEY)
        if known is not None:
            return Decision(Changes(), known.value)
        return Decision(Changes((Note(LINKS_KEY, drawn, now),)), drawn)

    return (await writer.decide(Job(Needs(notes=frozenset({LINKS_KEY})), keep))).encode()


def _remembered(surveys: Iterable[Survey], _rows: Snapshot, now: datetime) -> Decision[None]:
    return Decision(Changes(tuple(StoredSurvey(s.id, s.version, survey_json(s), now) for s in surveys)), None)


def _changed(survey: Survey) -> ConfigError:
    return ConfigError(
        file=f"surveys/{survey.id}.toml",
        key="version",
        problem=f"Version {survey.version} was asked before in other words.",
        fix=f"Write version = {survey.version + 1}, so that answers keep the questions they were given to.",
    )
