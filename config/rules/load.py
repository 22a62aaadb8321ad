"""Reads the owner's `rules.toml`: who is asked what, what is sent by the calendar, and who is told of what happens."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.errors import ConfigError, ConfigErrors
from config.pydantic_errors import ErrorPath, explain_errors
from config.rules.schema import Hookable, RuleFile, WebhookPart
from config.rules.validation import rule_mistakes
from config.settings.settings import Settings
from config.tomlfile import read_toml
from dialogs.campaign.calendar_entries import CalendarEntry
from dialogs.invitation.survey_rules import RuleBook
from dialogs.reports.report_schedules import Reportable, ReportSchedule
from scoring.values import Value

__all__ = ["Rules", "read_rules", "rules_path"]


_NOTHING, _NOBODY = Reportable(), Hookable()


class Rules(Value):
    """What the file says; nothing where there is none."""

    book: RuleBook = RuleBook()
    calendar: tuple[CalendarEntry, ...] = ()
    reports: tuple[ReportSchedule, ...] = ()
    webhooks: tuple[WebhookPart, ...] = ()


def rules_path(settings: Settings) -> Path:
    """Return the path of the file, which need not exist."""
    return settings.files.directory / "rules.toml"


def read_rules(
    settings: Settings,
    surveys: Collection[str],
    channels: Sequence[str],
    reportable: Reportable = _NOTHING,
    hookable: Hookable = _NOBODY,
) -> Rules:
    """Return the rules of the file; `surveys` are the known ids, `channels` the names of those for customers.

    `reportable` is what schedules of reports may name, `hookable` what endpoints of webhooks may.

    Raises ConfigErrors with everything that is wrong.
    """
    path = rules_path(settings)
    if not _is_there(path):
        return Rules()
    file = _parsed(path, _table(path), {"channels": channels, "addressed": reportable.channels, "hookable": hookable})
    limits = settings.survey.deadline, settings.survey.quiet_hours
    wrong = [ConfigError(str(path), *mistake) for mistake in rule_mistakes(file, surveys, *limits, reportable)]
    if wrong:
        raise ConfigErrors(wrong)
    entries = (part.entry(settings.survey.default, settings.timezone) for part in file.calendar)
    recurring = file.recurring.customers, file.recurring.within
    reports = tuple(part.schedule(settings.timezone) for part in file.reports)
    return Rules(RuleBook(tuple(part.rule() for part in file.rules), recurring), tuple(entries), reports, file.webhooks)


def _is_there(path: Path) -> bool:
    """Return whether there is a file; true also where its folder cannot be read, since reading it names the error."""
    try:
        return path.exists()
    except OSError:
        return True


def _table(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except ConfigError as error:
        raise ConfigErrors([error]) from None


def _parsed(path: Path, table: dict[str, Any], names: dict[str, Any]) -> RuleFile:
    try:
        return RuleFile.model_validate(table, context=names)
    except ValidationError as error:
        faults = explain_errors(error, RuleFile)
        raise ConfigErrors(
            [ConfigError(str(path), _key(place), problem, fix) for place, problem, fix in faults]
        ) from None


def _key(place: ErrorPath) -> str:
    """Return a path of keys as an owner counts: the first entry is number 1."""
    key = ""
    for part in place:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if key else part
    return key
