"""Commands on filled sheets: store one, and tell what they come to."""

from collections.abc import Mapping
from typing import Any

from bot.control.arguments import body_argument, result_of, text_argument
from bot.control.protocol import CommandProblem
from bot.handlers.adjustments import AdjustmentOutcome, add_line, adjustment_needs
from bot.handlers.assessments import AssessmentOutcome, needs, store_assessment
from bot.handlers.rater_links import RaterLink, check_rater, rating_by
from bot.http.api.forms.sheet_requests import AdjustmentBody, RaterLinkBody, adjustment_out, rater_link_out
from bot.http.api.schemas.assessment import NewAssessmentBody, assessment_out, form_result_out
from bot.jobs.assessment_results import SubjectWanted, read_comments, read_result
from bot.wiring.services import Services
from dialogs.forms.model import Form
from dialogs.names import written_name
from dialogs.time.periods import Period, named_period

__all__ = ["add_adjustment", "make_rater_link", "show_form_result", "store_sheet"]

Json = dict[str, Any]


async def store_sheet(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Store a filled sheet, as the API takes it, and return it as the API gives it. Raises CommandProblem."""
    body = body_argument(NewAssessmentBody, arguments)
    new = body.wanted(_form(services, body.form), _period(services, body.period))
    answer = await services.receiver.do(
        needs(new, services.receiver.policy), lambda context: store_assessment(context, new)
    )
    stored = result_of(AssessmentOutcome, answer).assessment
    return assessment_out(stored, services.receiver.policy.phrases.default).model_dump(mode="json")


async def make_rater_link(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return the link of one rater, as the API makes it. Raises CommandProblem."""
    body = body_argument(RaterLinkBody, arguments)
    form, period = _form(services, body.form), _period(services, body.period)
    new = rating_by(body.link(period.name), form, period)
    refused = await services.receiver.do(
        needs(new, services.receiver.policy), lambda context: check_rater(context, new)
    )
    if refused is not None:
        result_of(RaterLink, refused)
    policy = services.receiver.policy
    return rater_link_out(policy, body, period.name, services.clock.now()).model_dump(mode="json")


async def add_adjustment(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Add a line beside the sheets, as the API takes it. Raises CommandProblem."""
    body = body_argument(AdjustmentBody, arguments)
    new = body.wanted(_form(services, body.form), _period(services, body.period))
    answer = await services.receiver.do(adjustment_needs(new), lambda context: add_line(context, new))
    return adjustment_out(result_of(AdjustmentOutcome, answer).line).model_dump(mode="json")


async def show_form_result(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return what the sheets about a subject come to, as the API gives it. Raises CommandProblem."""
    form = _form(services, text_argument(arguments, "form"))
    period = _period(services, text_argument(arguments, "period"))
    subject, view = written_name(text_argument(arguments, "subject")), text_argument(arguments, "view")
    policy = services.receiver.policy
    asked = SubjectWanted(subject, period, services.clock.now(), policy.timezone, policy.lists.probation)
    wanted = asked.by(form, latest=text_argument(arguments, "rules") == "latest")
    result = await read_result(services.reader, wanted)
    comments = await read_comments(services.reader, wanted) if view == "rated" else ()
    return form_result_out(wanted, result, policy.phrases.default, comments).model_dump(mode="json")


def _form(services: Services, form: str) -> Form:
    if form not in services.forms:
        raise CommandProblem(f"there is no form {form!r}; there are {', '.join(sorted(services.forms))}")
    return services.forms[form]


def _period(services: Services, name: str) -> Period:
    try:
        return named_period(name, services.receiver.policy.timezone)
    except ValueError as wrong:
        raise CommandProblem(str(wrong)) from None
