"""Checks across rules: known surveys, delays within the deadline, and no doubt about which rule decides."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

from config.rules.schema import CalendarPart, ReportPart, RuleFile, RulePart
from config.values.durations import said_duration
from config.values.strings import did_you_mean
from dialogs.campaign.model import CampaignKind
from dialogs.campaign.occurrences import is_open_ever
from dialogs.invitation.rule_overlaps import coverers, unclear
from dialogs.invitation.survey_rules import PAUSED_RULE, SurveyRule
from dialogs.phrases import placeholders
from dialogs.reports.report_schedules import LATEST_DUE, Reportable, ReportCadence
from dialogs.time.contact_hours import DailyHours

__all__ = ["PLACES", "RuleMistake", "rule_mistakes"]

PLACES = ("name", "subject", "ticket", "agent", "team", "product")
"""The placeholders that a campaign's text may hold."""

RuleMistake = tuple[str, str, str]
"""The key, what is wrong, the fix."""


def rule_mistakes(
    file: RuleFile, surveys: Collection[str], deadline: timedelta, quiet: DailyHours | None, reportable: Reportable
) -> Iterator[RuleMistake]:
    """Yield what does not fit together in the file, or with the known surveys and the settings."""
    for number, part in enumerate(file.rules, 1):
        yield from _single(f"rules[{number}]", part, surveys, deadline)
    yield from _names("rules", [part.name for part in file.rules])
    yield from _order([part.rule() for part in file.rules])
    for number, entry in enumerate(file.calendar, 1):
        yield from _entry(f"calendar[{number}]", entry, surveys)
        yield from _words(f"calendar[{number}].text", entry.text or "")
        if entry.window is not None and not is_open_ever(entry.window, quiet):
            problem = "It never opens: all of it lies in the quiet hours (survey.quiet_hours)."
            yield f"calendar[{number}].window", problem, "Write hours of the day, such as 10:00-18:00."
    yield from _names("calendar", [entry.name for entry in file.calendar])
    for number, report in enumerate(file.reports, 1):
        yield from _report(f"reports[{number}]", report, reportable)
    yield from _names("reports", [report.name for report in file.reports])
    yield from _names("webhooks", [endpoint.name for endpoint in file.webhooks])


def _single(key: str, part: RulePart, surveys: Collection[str], deadline: timedelta) -> Iterator[RuleMistake]:
    if part.name == PAUSED_RULE:
        yield f"{key}.name", f"{part.name!r} stands for surveys that an admin has paused.", "Take another name."
    if part.survey is not None and part.survey not in surveys:
        yield _unknown_survey(f"{key}.survey", part.survey, surveys)
    if part.delay is not None and part.delay > deadline:
        told = said_duration(deadline)
        yield f"{key}.delay", f"It is longer than survey.deadline ({told}).", f"Write {told} or less."
    if not part.ask:
        for name in ("survey", "delay", "sample", "once", "pilot"):
            if name in part.model_fields_set:
                yield f"{key}.{name}", "The rule asks nobody: ask = false.", "Remove one of the two."


def _names(table: str, names: Sequence[str]) -> Iterator[RuleMistake]:
    for name, times in Counter(names).items():
        if times > 1:
            number = len(names) - names[::-1].index(name)
            yield f"{table}[{number}].name", f"{name!r} is the name of {times} entries.", "Give each its own name."


def _order(rules: Sequence[SurveyRule]) -> Iterator[RuleMistake]:
    """Yield rules that never decide, and pairs of rules of which neither goes first."""
    for number, rule in enumerate(rules):
        key, earlier = f"rules[{number + 1}]", rules[:number]
        yield from _behind(f"{key}.behind", rule, rules, number)
        covering = coverers(rule, earlier)
        if covering:
            what = " and ".join(map(repr, covering))
            verb = "takes" if len(covering) == 1 else "take"
            yield key, f"{rule.name!r} can never match: {what} {verb} all of it.", "Move it up, or remove it."
            continue
        for other in earlier:
            if other.name not in rule.behind and unclear(other, rule):
                yield (
                    key,
                    f"A ticket may fit both {other.name!r} and {rule.name!r}, and neither is the narrower one.",
                    f'Write behind = ["{other.name}"] to let the earlier one go first, or tell them apart.',
                )


def _behind(key: str, rule: SurveyRule, rules: Sequence[SurveyRule], number: int) -> Iterator[RuleMistake]:
    names = [other.name for other in rules]
    for name in rule.behind:
        if name not in names:
            yield key, f"There is no rule {name!r}.", did_you_mean(name, names[:number], "Name an earlier rule.")
        elif name not in names[:number]:
            yield key, f"{name!r} does not stand above it.", "Rules decide in their order: move one of them."


def _entry(key: str, entry: CalendarPart, surveys: Collection[str]) -> Iterator[RuleMistake]:
    if entry.kind is not CampaignKind.SURVEY and entry.survey is not None:
        yield f"{key}.survey", f"A {entry.kind} asks no survey of its own.", 'Remove it, or write kind = "survey".'
    elif entry.survey is not None and entry.survey not in surveys:
        yield _unknown_survey(f"{key}.survey", entry.survey, surveys)
    if entry.kind is CampaignKind.NOTICE and entry.text is None:
        yield f"{key}.text", "A notice without words says nothing.", "Write what people shall read."
    yield from _audience(f"{key}.audience", entry, surveys)


def _report(key: str, report: ReportPart, reportable: Reportable) -> Iterator[RuleMistake]:
    latest = LATEST_DUE.get(report.every, 28)
    if report.due_day > latest:
        yield f"{key}.due", f"The next one may be made before day {report.due_day}.", f"Write {latest} or less."
    keys, (subject, _, value) = reportable.of.get(report.kind, ()), (report.of or "").partition(":")
    if report.of is None and report.kind in reportable.by_sheets and report.every is ReportCadence.HALF_MONTH:
        yield f"{key}.every", "Sheets are filled for weeks, months and longer, never for half a month.", "Write month."
    if report.of is None and report.kind not in reportable.needs_of:
        return
    if not keys:
        able = " or ".join(kind for kind, several in reportable.of.items() if several)
        yield f"{key}.of", f"A report of kind {report.kind} is of nobody.", f"Remove it, or take the kind {able}."
    elif subject not in keys or not value.strip():
        known = ", ".join(keys)
        yield f"{key}.of", "It does not say whose report it is.", f"Write it as {keys[0]}:NAME, with one of {known}."


def _words(key: str, text: str) -> Iterator[RuleMistake]:
    for name in sorted(placeholders(text) - set(PLACES)):
        known = " ".join(f"{{{place}}}" for place in PLACES)
        yield key, f"There is no placeholder {{{name}}}.", did_you_mean(name, PLACES, f"Known are {known}.")


def _audience(key: str, entry: CalendarPart, surveys: Collection[str]) -> Iterator[RuleMistake]:
    audience = entry.audience
    if not audience.model_fields_set:
        yield key, "Without a filter it would go to everybody.", 'Say to whom, such as closed_within = "90d".'
    for survey in audience.surveys:
        if survey not in surveys:
            yield _unknown_survey(f"{key}.surveys", survey, surveys)
    for name, within, before in audience.spans():
        if within is not None and before is not None and before >= within:
            problem = f"Nobody is in it: {name}_before reaches back as far as {name}_within."
            yield f"{key}.{name}_before", problem, f"Make {name}_within the longer one."
    since, until = audience.closed_from, audience.closed_until
    if since is not None and until is not None and until <= since:
        yield f"{key}.closed_until", "Nobody is in it: it lies before closed_from.", "Make it the later one."
    low, high = audience.score_at_or_above, audience.score_at_or_below
    if low is not None and high is not None and low > high:
        problem = "Nobody is in it: no score is both above and below."
        yield f"{key}.score_at_or_above", problem, "Make it the smaller one."


def _unknown_survey(key: str, survey: str, surveys: Collection[str]) -> RuleMistake:
    known = did_you_mean(survey, surveys, f"There are {', '.join(surveys)}.")
    return key, f"There is no survey {survey!r}.", known
