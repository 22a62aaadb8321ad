"""The page of a figure, to which reports lead: what it rests on, down to the tickets, for whoever is in the console."""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.policy import Policy
from bot.http.api.schemas.figure_json import ExplanationOut, FigureLocale, explanation_out
from bot.http.console.guard import is_inside
from bot.http.console.render import CONSOLE_TEXTS, console_page, reader_language
from bot.http.context import Web
from bot.jobs.figure_explanation import explain_figure
from bot.jobs.period_summary import FigureRequestError
from bot.jobs.reports.figure_links import FIGURE_PAGE
from dialogs.survey import Question, in_locale

__all__ = ["show_figure"]

_LONGEST_ID = 1000


async def show_figure(request: Request) -> Response:
    """Return what a figure rests on.

    A report is no page of ours, so the browser leaves the session's cookie out as it comes from there: the first
    answer leads to the same page once more.
    """
    web: Web = request.app.state.web
    language, named = reader_language(request), request.query_params.get("figure", "")[:_LONGEST_ID]
    if not is_inside(request):
        if "again" in request.query_params:
            return console_page("lost", language, HTTPStatus.UNAUTHORIZED)
        return console_page("again", language, address=f"{FIGURE_PAGE}?{urlencode({'figure': named, 'again': '1'})}")
    policy, now = web.receiver.policy, web.clock.now()
    try:
        found = await explain_figure(web.reader, named, now, policy.calendar)
    except FigureRequestError:
        return console_page("no_figure", language, HTTPStatus.NOT_FOUND)
    told = explanation_out(found, FigureLocale(policy.phrases, language, policy.timezone, now))
    named_of = {question.id: in_locale(question.name, language) for question in _questions(policy)}
    rows = [*_rows(told, named_of, language, policy)]
    return console_page("figure", language, figure=told.figure, rows=rows, has_more=told.more)


def _questions(policy: Policy) -> Iterator[Question]:
    for survey in policy.current:
        yield from policy.survey(survey).questions


def _rows(
    told: ExplanationOut, questions: dict[str, str], language: str, policy: Policy
) -> Iterator[tuple[str, str, str, str]]:
    """Yield for each input its ticket, what was asked, what it adds, and why it does not count."""
    words, texts = policy.phrases.texts[language], CONSOLE_TEXTS[language]
    for one in told.inputs:
        asked = questions.get(one.question, one.question) if one.question else one.status or ""
        adds = str(one.value) if one.value is not None else "" if one.seconds is None else f"{one.seconds:.0f} s"
        if not adds and one.denominator:
            adds = texts["figure_counts"] if one.numerator else texts["figure_counts_not"]
        why = words.get(f"report.without.{one.excluded}", one.excluded) if one.excluded else ""
        yield one.ticket or one.id, words.get(f"report.without.{asked}", asked), adds, why
