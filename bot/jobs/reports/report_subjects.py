"""The subject of a report, such as a team: whether anything is known of it, and what it is called."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from bot.jobs.figures.asked_figures import FigureCut
from bot.jobs.period_summary import FigureRequestError, period_summary
from bot.jobs.reports.report_sources import ReportSources
from dialogs.reports.figure_parts import ReportWords
from dialogs.time.periods import period_before, year_before
from scoring.metrics.catalogue import CATALOGUE

__all__ = ["known_subject", "subject_head"]

_NAMED = 5


async def known_subject(sources: ReportSources) -> None:
    """Make sure that the period, the one before or the same a year before has a closing of a report's subject.

    Raises FigureRequestError with those that there are and are written alike, the first by the alphabet without any;
    people are found by their names, too, and told with them.
    """
    (key, value), period, zone = sources.wanted.of, sources.wanted.period, sources.policy.timezone
    known, names, cut = set[str](), dict[str, str](), FigureCut((key,), (CATALOGUE["closings"],))
    for one in (period, period_before(period, zone), year_before(period, zone)):
        read = await period_summary(sources.reader, one, cut, sources.now)
        known |= {each.cut[key] for each in read.summary.figures if each.cut[key]}
        if value in known:
            return
        names |= {one: name for one, name in read.agents.items() if key == "agent" and one in known}
    told = _written_alike(value, known, names) or sorted(known)[:_NAMED]
    there_are = f"; there are {', '.join(_told(key, one, names) for one in told)}" if told else ""
    problem = f"is {key}:{value}, of which nothing is known in this period, the one before and a year before{there_are}"
    raise FigureRequestError("of", problem)


def _written_alike(value: str, known: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Return those whose id or name is written like a value, the most alike first."""
    ids = sorted(known)
    alike = get_close_matches(value, {*ids, *names.values()}, _NAMED)
    found = (one for text in alike for one in ids if text in (one, names.get(one)))
    return [*dict.fromkeys(found)][:_NAMED]


def _told(key: str, one: str, names: Mapping[str, str]) -> str:
    """Return how a subject is asked for, and what it is called where that is something else."""
    name = names.get(one, one)
    return f"{key}:{one}" if name == one else f"{key}:{one} ({name})"


def subject_head(of: tuple[str, str], words: ReportWords) -> str:
    """Return the line that says whom or what a report is about."""
    key, value = of
    return words.say("subject", what=words.say(f"key.{key}"), name=words.name(key, value))
