"""Commands on figures: the catalogue of metrics, a period's report, and the sums that it is read from."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from bot.control.arguments import text_argument
from bot.control.protocol import CommandProblem
from bot.http.api.effects.comparison_json import comparison_out
from bot.http.api.effects.sample_size import MOST_ANSWERS, needed_answers, share_interval
from bot.http.api.quality.figure_csv import summary_csv
from bot.http.api.schemas.figure_json import (
    FigureLocale,
    catalogue_out,
    explanation_out,
    score_out,
    summary_out,
)
from bot.http.api.schemas.target_json import charts_out, quadrants_out
from bot.jobs.assessment_results import SubjectWanted
from bot.jobs.effects.window_comparison import compare_windows, read_comparison
from bot.jobs.figure_explanation import explain_figure, subject_score
from bot.jobs.period_summary import (
    COMPARISONS,
    FigureRequestError,
    compared_summary,
    period_summary,
    quadrants_of,
    read_cut,
    read_period,
)
from bot.jobs.reports.report_documents import asked_report, make_report
from bot.jobs.team_warnings.control_charts import drawn_charts
from bot.reports.printed_page import UnwrittenReportError
from bot.reports.report_formats import REPORT_FORMATS, written_report
from bot.wiring.services import Services
from dialogs.names import written_name
from scoring.values import replace
from storage.rollups.sums import rebuild

__all__ = [
    "compare_figures",
    "explain_report",
    "list_charts",
    "list_metrics",
    "rebuild_rollups",
    "report_document",
    "report_figures",
    "report_quadrants",
    "score_report",
    "tell_answers_needed",
    "tell_interval",
]

Json = dict[str, Any]
_COMPARED = ("before", "after", "metric", "by", "of", "change", "pilot")


async def list_metrics(services: Services, _arguments: Mapping[str, Any]) -> Json:
    """Return the catalogue, as the API gives it."""
    return catalogue_out(services.receiver.policy.phrases).model_dump(mode="json")


async def list_charts(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return the charts of low ratings, as the API gives them."""
    rules, wanted = services.receiver.policy.charts, [text_argument(arguments, name) for name in ("team", "dimension")]
    found = await drawn_charts(services.reader, rules.bucket, *wanted)
    return charts_out(rules, found).model_dump(mode="json")


async def report_figures(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return a period's figures, as the API gives them, and the same as CSV. Raises CommandProblem."""
    policy, now = services.receiver.policy, services.clock.now()
    period, by, metric, locale = (text_argument(arguments, name) for name in ("period", "by", "metric", "locale"))
    try:
        when, cut = read_period(None, None, period, now, policy.calendar), read_cut(by, metric)
    except FigureRequestError as wrong:
        raise CommandProblem(f"--{wrong}") from None
    against = text_argument(arguments, "compare")
    if against not in COMPARISONS:
        raise CommandProblem(f"--compare is {against!r}; write one of {', '.join(filter(None, COMPARISONS))}")
    if against:
        found = await compared_summary(services.reader, when, cut, (now, policy.timezone), against)
    else:
        found = await period_summary(services.reader, when, cut, now)
    shown = summary_out(found, _told(services, locale))
    return {"summary": shown.model_dump(mode="json"), "csv": summary_csv(shown)}


async def report_document(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return a report as a file, its bytes in base64 (RFC 4648). Raises CommandProblem."""
    policy, now = services.receiver.policy, services.clock.now()
    asked = {name: text_argument(arguments, name) for name in ("kind", "period", "by", "metric", "of", "locale")}
    form = text_argument(arguments, "format")
    if form not in REPORT_FORMATS:
        raise CommandProblem(f"--format is none of {', '.join(REPORT_FORMATS)}")
    try:
        wanted = replace(asked_report(asked, policy, now), linked=True)
        document = await make_report(services.reader, policy, wanted, now)
    except FigureRequestError as wrong:
        raise CommandProblem(f"--{wrong}") from None
    try:
        return {"content": b64encode(await written_report(document, form)).decode()}
    except UnwrittenReportError as problem:
        raise CommandProblem(str(problem)) from None


async def report_quadrants(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return importance beside performance in a period, as the API gives it. Raises CommandProblem."""
    now, calendar = services.clock.now(), services.receiver.policy.calendar
    period, by, locale = (text_argument(arguments, name) for name in ("period", "by", "locale"))
    try:
        found = await quadrants_of(services.reader, read_period(None, None, period, now, calendar), by, now)
    except FigureRequestError as wrong:
        raise CommandProblem(f"--{wrong}") from None
    return quadrants_out(found, _told(services, locale)).model_dump(mode="json")


async def compare_figures(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return figures of two windows beside each other, as the API gives them. Raises CommandProblem."""
    now, policy = services.clock.now(), services.receiver.policy
    asked = {name: text_argument(arguments, name) for name in _COMPARED}
    try:
        wanted = read_comparison(asked, now, policy.calendar)
    except FigureRequestError as wrong:
        raise CommandProblem(str(wrong)) from None
    found = await compare_windows(services.reader, wanted, now)
    return comparison_out(found, _told(services, text_argument(arguments, "locale"))).model_dump(mode="json")


async def tell_interval(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return how sure a share of answers is, as the API gives it. Raises CommandProblem."""
    of, n = (_whole(arguments, name) for name in ("of", "n"))
    if not (0 <= of <= n and 1 <= n <= MOST_ANSWERS):
        raise CommandProblem(f"{of} of {n} is no share: give a number, and at least as many answers, 1 or more")
    told = _told(services, text_argument(arguments, "locale"))
    return share_interval(of, n, told.phrases, told.locale).model_dump(mode="json")


async def tell_answers_needed(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return how many answers a share needs, as the API gives it. Raises CommandProblem."""
    within, share = (_points(arguments, name) for name in ("within", "share"))
    told = _told(services, text_argument(arguments, "locale"))
    try:
        return needed_answers(within, share, told.phrases, told.locale).model_dump(mode="json")
    except ValueError as wrong:
        raise CommandProblem(str(wrong)) from None


def _whole(arguments: Mapping[str, Any], name: str) -> int:
    text = text_argument(arguments, name)
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_ANSWERS))):
        raise CommandProblem(f"{name} is {text!r}, which is no whole number up to {MOST_ANSWERS}")
    return int(text)


def _points(arguments: Mapping[str, Any], name: str) -> float:
    text = text_argument(arguments, name)
    try:
        return float(text)
    except ValueError:
        raise CommandProblem(f"{name} is {text!r}, which is no number") from None


async def rebuild_rollups(services: Services, _arguments: Mapping[str, Any]) -> Json:
    """Sum up all ratings anew by the days of the settings' time zone."""
    zone = services.receiver.policy.timezone
    return {"days": await rebuild(services.store, services.writer, zone), "timezone": zone.key}


async def explain_report(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return where a figure comes from, as the API gives it. Raises CommandProblem."""
    now, calendar = services.clock.now(), services.receiver.policy.calendar
    try:
        found = await explain_figure(services.reader, text_argument(arguments, "figure"), now, calendar)
    except FigureRequestError as wrong:
        raise CommandProblem(str(wrong)) from None
    return explanation_out(found, _told(services, text_argument(arguments, "locale"))).model_dump(mode="json")


async def score_report(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return the score of a subject, as the API gives it. Raises CommandProblem."""
    now, zone = services.clock.now(), services.receiver.policy.timezone
    subject, period = text_argument(arguments, "subject"), text_argument(arguments, "period")
    try:
        when = read_period(None, None, period, now, services.receiver.policy.calendar)
        wanted = SubjectWanted(
            written_name(subject.partition(":")[2]), when, now, zone, services.receiver.policy.lists.probation
        )
        found = await subject_score(services.reader, services.forms, subject, wanted)
    except FigureRequestError as wrong:
        raise CommandProblem(str(wrong)) from None
    return score_out(found, _told(services, text_argument(arguments, "locale"))).model_dump(mode="json")


def _told(services: Services, locale: str) -> FigureLocale:
    policy, now = services.receiver.policy, services.clock.now()
    return FigureLocale(policy.phrases, policy.phrases.locale(locale or policy.locale), policy.timezone, now)
