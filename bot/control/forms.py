"""Commands on filled sheets: store one, and tell what they come to."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.control.arguments import BY, body_argument, result_of, text_argument
from bot.control.execute import CommandHandler
from bot.control.protocol import CommandProblem
from bot.handlers.adjustments import AdjustmentOutcome, add_line, adjustment_needs
from bot.handlers.assessments import AssessmentOutcome, needs, store_assessment
from bot.handlers.evidence_files import LARGEST_FILE
from bot.handlers.rater_links import RaterLink, check_rater, rating_by
from bot.handlers.sheet_files import (
    PROBLEM_TEXTS,
    RefusedFile,
    SheetUpload,
    add_file,
    hand_out_file,
    hand_out_needs,
    shown_files,
    upload_needs,
)
from bot.http.api.forms.sheet_requests import (
    AdjustmentBody,
    RaterLinkBody,
    adjustment_out,
    rater_link_out,
    sheet_file_out,
)
from bot.http.api.schemas.assessment import NewAssessmentBody, assessment_out, form_result_out
from bot.jobs.assessment_results import SubjectWanted, read_comments, read_result
from bot.wiring.services import Services
from dialogs.forms.model import Form
from dialogs.names import written_name
from dialogs.time.periods import Period, named_period
from storage.model.filled_forms import AssessmentFile

__all__ = ["FORM_COMMANDS"]

Json = dict[str, Any]


async def _store(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Store a filled sheet, as the API takes it, and return it as the API gives it. Raises CommandProblem."""
    body = body_argument(NewAssessmentBody, arguments)
    new = body.wanted(_form(services, body.form), _period(services, body.period))
    answer = await services.receiver.do(
        needs(new, services.receiver.policy), lambda context: store_assessment(context, new)
    )
    stored = result_of(AssessmentOutcome, answer).assessment
    return assessment_out(stored, services.receiver.policy.phrases.default).model_dump(mode="json")


async def _link(services: Services, arguments: Mapping[str, Any]) -> Json:
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


async def _adjust(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Add a line beside the sheets, as the API takes it. Raises CommandProblem."""
    body = body_argument(AdjustmentBody, arguments)
    new = body.wanted(_form(services, body.form), _period(services, body.period))
    answer = await services.receiver.do(adjustment_needs(new), lambda context: add_line(context, new))
    return adjustment_out(result_of(AdjustmentOutcome, answer).line).model_dump(mode="json")


async def _result(services: Services, arguments: Mapping[str, Any]) -> Json:
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


async def _upload(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Store a file of this machine, which a sheet can name as evidence, and return it. Raises CommandProblem."""
    path = Path(text_argument(arguments, "path"))
    try:
        content = await asyncio.to_thread(_content, path)
    except OSError as error:
        raise CommandProblem(f"the service cannot read {path}: {error.strerror}") from None
    token = services.secrets.token()
    upload = SheetUpload(f"file_{token}", path.name, content, text_argument(arguments, "by") or BY)
    answer = await services.receiver.do(upload_needs(upload), lambda context: add_file(context, upload))
    if isinstance(answer, RefusedFile):
        raise CommandProblem(f"{path} {PROBLEM_TEXTS[answer.why]}")
    return sheet_file_out(answer).model_dump(mode="json")


def _content(path: Path) -> bytes:
    """Return what a file holds, of a larger one no more than tells that it is."""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


async def _files(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return the files of a sheet, without what they hold. Raises CommandProblem."""
    assessment = text_argument(arguments, "assessment")
    sheet = await services.reader.assessments.find(assessment)
    if sheet is None:
        raise CommandProblem(f"there is no sheet {assessment}")
    shown = shown_files(sheet, await services.reader.assessments.files(assessment))
    return {"items": [sheet_file_out(one).model_dump(mode="json") for one in shown]}


async def _fetch(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return what a file of a sheet holds, in Base64; the audit log says so. Raises CommandProblem."""
    assessment, file = (text_argument(arguments, name) for name in ("assessment", "file"))
    answer = await services.receiver.do(
        hand_out_needs(assessment), lambda context: hand_out_file(context, assessment, file, BY)
    )
    found = result_of(AssessmentFile, answer)
    content = await services.reader.file(found.hash)
    if content is None:
        raise CommandProblem(f"there is no file {file} any more")
    return {"content": b64encode(content).decode()}


def _form(services: Services, form: str) -> Form:
    if form not in services.forms:
        raise CommandProblem(f"there is no form {form!r}; there are {', '.join(sorted(services.forms))}")
    return services.forms[form]


def _period(services: Services, name: str) -> Period:
    try:
        return named_period(name, services.receiver.policy.timezone)
    except ValueError as wrong:
        raise CommandProblem(str(wrong)) from None


FORM_COMMANDS: Mapping[str, CommandHandler] = {
    "assess adjust": _adjust,
    "assess fetch": _fetch,
    "assess files": _files,
    "assess link": _link,
    "assess results": _result,
    "assess store": _store,
    "assess upload": _upload,
}
