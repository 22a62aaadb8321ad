"""Commands on published periods."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from bot.control.arguments import result_of, text_argument
from bot.control.execute import CommandHandler
from bot.control.protocol import CommandProblem
from bot.handlers.publish_period import PublishOutcome, needs, publish
from bot.http.api.periods.content import PeriodDesk, prepared, read_standing
from bot.http.api.periods.period_json import PublishBody, period_out, publication_out, published_out
from bot.http.field_errors import field_of, pydantic_problem
from bot.jobs.period_summary import FigureRequestError
from bot.wiring.services import Services
from dialogs.phrases import Phrases

__all__ = ["PERIOD_COMMANDS"]

Json = dict[str, Any]
_MOST = 200


async def _publish(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Publish a period's figures or scores, as the API does, and return the revision. Raises CommandProblem."""
    period, about = text_argument(arguments, "period"), text_argument(arguments, "about")
    given = {name: value for name, value in arguments.items() if name not in {"period", "about"}}
    try:
        body = PublishBody.model_validate(given)
        made = await prepared(_desk(services), body.wanted(period, about))
    except ValidationError as wrong:
        told = (f"{field_of(one['loc'])} {pydantic_problem(one)}" for one in wrong.errors(include_input=False))
        raise CommandProblem("; ".join(told)) from None
    except FigureRequestError as wrong:
        raise CommandProblem(str(wrong)) from None
    answer = await services.receiver.do(needs(made), lambda context: publish(context, made))
    done = result_of(PublishOutcome, answer).publication
    return published_out(done, *_words(services, body.locale or "")).model_dump(mode="json")


async def _list(services: Services, arguments: Mapping[str, Any]) -> Json:
    """List a page of revisions, of all periods or of one. Raises ValueError for a malformed cursor."""
    period, cursor = text_argument(arguments, "period"), text_argument(arguments, "cursor") or None
    page = await services.reader.publications.page(period, "", cursor, _MOST)
    words = _words(services, text_argument(arguments, "locale"))
    return {"items": [published_out(one, *words).model_dump(mode="json") for one in page.items], "next": page.next}


async def _show(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return a period as it stands, and a revision of what was published about it, if any. Raises CommandProblem."""
    name, about = text_argument(arguments, "period"), text_argument(arguments, "about")
    desk, words, number = _desk(services), _words(services, text_argument(arguments, "locale")), arguments["revision"]
    try:
        when, standing = await read_standing(desk, name)
    except FigureRequestError as wrong:
        raise CommandProblem(str(wrong)) from None
    shown = period_out(when, services.receiver.policy.timezone, standing, *words, is_over=when.is_over(desk.now))
    found = await services.reader.publications.revision(about, when.name, number)
    if found is None and number is not None:
        raise CommandProblem(f"there is no revision {number} of {about} published for {when.name}")
    published = None if found is None else publication_out(found, *words).model_dump(mode="json")
    return {"period": shown.model_dump(mode="json"), "publication": published}


def _desk(services: Services) -> PeriodDesk:
    return PeriodDesk(services.reader, services.forms, services.receiver.policy, services.clock.now())


def _words(services: Services, locale: str) -> tuple[Phrases, str]:
    policy = services.receiver.policy
    return policy.phrases, policy.phrases.locale(locale or policy.locale)


PERIOD_COMMANDS: Mapping[str, CommandHandler] = {
    "period list": _list,
    "period publish": _publish,
    "period show": _show,
}
