"""Settings about hours and days that must leave time for asking."""

from collections.abc import Iterator

from config.errors import ConfigError
from config.settings.settings import Settings

__all__ = ["calendar_conflicts"]


def calendar_conflicts(settings: Settings) -> Iterator[ConfigError]:
    """Yield what keeps the calendar from working."""
    yield from _hours(settings)
    yield from _country(settings)
    yield from _days(settings)


def _hours(settings: Settings) -> Iterator[ConfigError]:
    quiet, business = settings.survey.quiet_hours, settings.survey.business_hours
    if quiet is None or business is None:
        return
    if not any(business.contains(clock) and not quiet.contains(clock) for clock in (business.start, quiet.end)):
        where = settings.where("survey.business_hours", "survey.quiet_hours")
        problem = "They lie in survey.quiet_hours: no hour would be left."
        yield ConfigError(where, "survey.business_hours", problem, "Move one of them, or write off.")


def _country(settings: Settings) -> Iterator[ConfigError]:
    """Check the country; the library is slow to load, so only where the calendar is used."""
    country, where = settings.calendar.country, settings.where("calendar.country")
    if not country or (where == "default" and not settings.survey.business_days):
        return
    from config.locale.workdays import is_known  # noqa: PLC0415 (slow, and needed by few)

    if not is_known(country):
        problem = f"No calendar is known for {country}."
        fix = "Write another country's two letters, or off and your own days in calendar.holidays."
        yield ConfigError(where, "calendar.country", problem, fix)


def _days(settings: Settings) -> Iterator[ConfigError]:
    both = settings.calendar.holidays & settings.calendar.workdays
    if both:
        where = settings.where("calendar.workdays", "calendar.holidays")
        problem = f"{min(both)} is in calendar.holidays, too."
        yield ConfigError(where, "calendar.workdays", problem, "Leave it in one of the two.")
