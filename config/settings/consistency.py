"""Settings that must agree with each other; each value alone is already right when this is asked."""

from collections.abc import Iterator

from config.errors import ConfigError
from config.settings.calendar_consistency import calendar_conflicts
from config.settings.settings import Settings

__all__ = ["conflicts"]


def conflicts(settings: Settings) -> Iterator[ConfigError]:
    """Yield what keeps these settings from working together."""
    yield from _times(settings)
    yield from calendar_conflicts(settings)
    for group in settings.groups():
        yield from group.conflicts(settings)
    yield from _folder(settings)


def _times(settings: Settings) -> Iterator[ConfigError]:
    survey = settings.survey
    if survey.delay > survey.deadline:
        where = settings.where("survey.delay", "survey.deadline")
        problem = "It is longer than survey.deadline: nobody would ever be asked."
        yield ConfigError(where, "survey.delay", problem, "Make the delay shorter or the deadline longer.")


def _folder(settings: Settings) -> Iterator[ConfigError]:
    directory = settings.files.directory
    if not directory.is_dir():
        where = settings.where("files.directory")
        yield ConfigError(where, "files.directory", f"{directory} is no folder.", "Make it, or correct the path.")
