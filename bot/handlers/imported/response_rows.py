"""A row of responses: what a customer answered elsewhere, about the latest closing of a ticket or about none."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from bot.handlers.assessments import SOURCES
from bot.handlers.common.tombstones import is_anonymous
from bot.handlers.imported.contact_rows import erased_mistakes
from bot.handlers.imported.row_outcomes import ImportTerms, RefusedRow, RowOutcome, TakenRow, told_moment
from bot.handlers.surveys.fact_rows import rating_fact
from bot.handlers.surveys.interview import logged_answers
from dialogs.ids import RefKind, derive
from dialogs.interview.model import Answer, Interview, InterviewState
from dialogs.invitation.feedback import FEEDBACK
from dialogs.invitation.model import Invitation, InvitationState, imported_occasion
from dialogs.issue.model import TicketKey
from dialogs.names import name_key
from dialogs.survey import Survey
from scoring.validity import ExclusionReason
from scoring.values import Value, replace
from storage.bulk.stored_rows import RowKeys, StoredRows
from storage.model.fact_records import Closing, RatingFact, RatingStatus
from storage.model.import_records import RowMistake
from storage.model.records import Customer

__all__ = ["judge_response", "judge_review", "response_keys", "review_keys"]

Cells = Mapping[str, Any]
_ANSWERS, _TEXT, _IMPORTANCE, _AT = "answers.", ".text", ".importance", ".at"
_DEFAULT_CHANNEL = "import"
_IMPORTANCES = range(6)
_STATES = {one.value: one for one in (InterviewState.COMPLETED, InterviewState.DECLINED, InterviewState.WITHDRAWN)}
_UNANSWERED = ("expired", "declined", "withdrawn")


class _About(Value):
    """What an answer is about: the customer, and the closing, None where it is about none."""

    customer: str
    closing: Closing | None


def response_keys(terms: ImportTerms, cells: Cells, keys: RowKeys) -> None:
    """Add what a row is about."""
    keys.responses.add(_response_id(terms, cells))
    ticket: TicketKey | None = cells.get("ticket")
    if ticket is not None:
        keys.closings.add(ticket)
    elif customer := _whose(cells):
        keys.customers.add(customer)
        keys.people.add(customer)


def judge_response(terms: ImportTerms, cells: Cells, stored: StoredRows) -> RowOutcome:
    """Return the records of a row, or what is wrong with it."""
    mistakes: list[RowMistake] = []
    survey = _survey(terms, cells, mistakes)
    about = _about(cells, stored, mistakes)
    answers = list(_answers(survey, cells, mistakes)) if survey is not None else []
    _check(terms, cells, answers, mistakes)
    if mistakes or survey is None or about is None:
        return RefusedRow(tuple(mistakes))
    interview = _interview(terms, cells, survey, about, answers)
    before = stored.responses.get(interview.id)
    if before is not None:
        same = (
            (Interview, (before.id,), ()),
            (Invitation, (before.invitation,), ()),
            (Customer, (before.customer,), ()),
        )
        return TakenRow(named=same) if _given(before) == _given(interview) else RefusedRow((_OTHERWISE,))
    stranger = () if about.closing is not None or about.customer in stored.customers else (Customer(about.customer),)
    log = logged_answers(replace(interview, answers=(), comment=None), interview, _given_at(cells), terms.import_id)
    interview = replace(interview, logged=len(log))
    followers = partial(_followers, terms, cells, survey, about, interview)
    return TakenRow((*stranger, interview), followers=lambda: (*log, *followers()))


def review_keys(terms: ImportTerms, cells: Cells, keys: RowKeys) -> None:
    """Add what a row of public reviews is about."""
    response_keys(terms, _as_response(cells), keys)


def judge_review(terms: ImportTerms, cells: Cells, stored: StoredRows) -> RowOutcome:
    """Return the records of a row of public reviews, or what is wrong with it: an answer given on a platform."""
    return judge_response(terms, _as_response(cells), stored)


def _as_response(cells: Cells) -> Cells:
    named = {name: cells[name] for name in ("ticket", "customer", "given_at") if name in cells}
    number = f"{cells.get('platform', '')} {cells['number']}".strip()
    told = {"channel": "platform", "number": number, f"{_ANSWERS}overall": str(cells["stars"])}
    return {"survey": FEEDBACK, **named, **told} | ({"comment": cells["text"]} if "text" in cells else {})


_OTHERWISE = RowMistake(
    "answers", "", "this response is stored with other answers", "leave it out, or number it apart in `number`"
)


def _whose(cells: Cells) -> str:
    """Return the customer of a row about no ticket; the number of a paper stands for somebody whom nobody knows."""
    number = name_key(cells.get("number", ""))
    return str(cells.get("customer") or (f"{_channel(cells)}:{number}" if number else ""))


def _given_at(cells: Cells) -> datetime:
    """Return when a response ended; of one without any answer it is known at least when it was asked for."""
    moment: datetime = cells.get("given_at") or cells["asked_at"]
    return moment


def _channel(cells: Cells) -> str:
    return str(cells.get("channel", _DEFAULT_CHANNEL))


def _response_id(terms: ImportTerms, cells: Cells) -> str:
    """Return the id that a row names, or else one derived from what tells it apart."""
    named: str = cells.get("id", "")
    if named.startswith(f"{RefKind.INTERVIEW}_"):
        return named
    about = cells.get("ticket") or ("", _whose(cells))
    apart = named or name_key(cells.get("number", "")) or _given_at(cells).isoformat()
    survey = cells.get("survey", terms.policy.default_survey)
    return derive(RefKind.INTERVIEW, "imported", *about, survey, _channel(cells), apart)


def _survey(terms: ImportTerms, cells: Cells, mistakes: list[RowMistake]) -> Survey | None:
    policy = terms.policy
    name = cells.get("survey", policy.default_survey)
    version = cells.get("version") or policy.current.get(name, 0)
    survey = policy.surveys.get((name, version))
    if survey is None:
        known = [id_ for id_, _ in sorted(policy.surveys)] if name not in policy.current else []
        fix = f"write one of {', '.join(dict.fromkeys(known))}" if known else "leave the version out"
        if "version" in cells:
            fix = f"import the surveys.csv of that export first, or {fix}"
        mistakes.append(RowMistake("survey", f"{name} {version or ''}".strip(), "is no survey that is known here", fix))
    elif survey.anonymous:
        mistakes.append(RowMistake("survey", name, "is anonymous, but a row names whose it is", "choose another"))
        return None
    return survey


def _about(cells: Cells, stored: StoredRows, mistakes: list[RowMistake]) -> _About | None:
    ticket: TicketKey | None = cells.get("ticket")
    if ticket is not None:
        closing = stored.closings.get(ticket)
        told = cells.get("customer")
        if closing is None:
            mistakes.append(
                RowMistake("ticket", "/".join(ticket), "is no closed ticket that is stored", "import the tickets first")
            )
        elif is_anonymous(closing.customer):
            mistakes.append(RowMistake("ticket", "/".join(ticket), "is of somebody erased", "take the row out"))
        elif told and told != closing.customer:
            mistakes.append(
                RowMistake("customer", told, f"has not this ticket, but {closing.customer}", "leave it out")
            )
        return _About(closing.customer, closing) if closing is not None else None
    customer = _whose(cells)
    if not customer:
        mistakes.append(RowMistake("ticket", "", "is empty, and so are customer and number", "fill in one of them"))
    mistakes += erased_mistakes(customer, stored)
    return _About(customer, None)


def _answers(survey: Survey, cells: Cells, mistakes: list[RowMistake]) -> Iterator[Answer]:
    known = {question.id for question in survey.questions}
    for name in cells:
        question = name.removeprefix(_ANSWERS).removesuffix(_TEXT).removesuffix(_IMPORTANCE).removesuffix(_AT)
        if name.startswith(_ANSWERS) and question not in known:
            mistakes.append(RowMistake(name, str(cells[name]), f"is no question of {survey.id}", "leave it empty"))
    for id_ in (asked.id for asked in survey.questions):
        name = f"{_ANSWERS}{id_}"
        if name not in cells:
            continue
        value = _point(survey, id_, cells[name])
        if value is None:
            lowest, highest = survey.scale.lowest, survey.scale.highest
            fix = f"write a whole number from {lowest} to {highest}, or a word of the scale"
            mistakes.append(RowMistake(name, cells[name], "is no point of the scale", fix))
            continue
        importance = cells.get(f"{name}{_IMPORTANCE}")
        if importance is not None and (not survey.asks_importance or importance not in _IMPORTANCES):
            mistakes.append(RowMistake(f"{name}{_IMPORTANCE}", str(importance), "is not asked", "leave it empty"))
        yield Answer(
            id_, value, cells.get(f"{name}{_AT}", _given_at(cells)), cells.get(f"{name}{_TEXT}"), importance=importance
        )


def _point(survey: Survey, question: str, said: str) -> int | None:
    """Return the point of the scale that a cell means, by its number or by one of its words."""
    text = said.strip()
    try:
        value: int | None = int(float(text))
        value = value if float(text) == value else None
    except (ValueError, OverflowError):
        labels = survey.scale_of(question).labels or {}
        value = next((point for words in labels.values() for point, word in words.items() if word == text), None)
    return value if value is not None and survey.scale.lowest <= value <= survey.scale.highest else None


def _check(terms: ImportTerms, cells: Cells, answers: list[Answer], mistakes: list[RowMistake]) -> None:
    known = {*SOURCES.split(", "), *terms.policy.capabilities, _DEFAULT_CHANNEL}
    if _channel(cells) not in known:
        mistakes.append(RowMistake("channel", _channel(cells), "is no way", f"write {', '.join(sorted(known))}"))
    mistakes += [
        RowMistake(name, told_moment(terms, cells[name]), "lies ahead", "correct the date")
        for name in ("given_at", "asked_at")
        if name in cells and cells[name] > terms.now
    ]
    if "given_at" not in cells and (answers or "comment" in cells):
        mistakes.append(RowMistake("given_at", "", "is empty", "say when these answers were given"))
    if not answers and not mistakes and cells.get("status") not in _UNANSWERED:
        mistakes.append(RowMistake("answers", "", "are missing", "rate one question at least, or say status expired"))


def _interview(terms: ImportTerms, cells: Cells, survey: Survey, about: _About, answers: list[Answer]) -> Interview:
    given_at = _given_at(cells)
    is_whole = len(answers) == len(survey.questions)
    otherwise = InterviewState.COMPLETED if is_whole else InterviewState.EXPIRED
    state = _STATES.get(cells["status"], InterviewState.EXPIRED) if "status" in cells else otherwise
    id_ = _response_id(terms, cells)
    return Interview(
        id=id_,
        invitation=derive(RefKind.INVITATION, "imported", id_),
        customer=about.customer,
        channel=_channel(cells),
        chat="",
        survey=survey.key,
        locale=terms.policy.locale_of(None),
        asked_at=cells.get("asked_at", given_at),
        expires_at=given_at,
        state=state,
        answers=tuple(answers),
        comment=cells.get("comment"),
        completed_at=given_at if state is InterviewState.COMPLETED else None,
    )


def _given(interview: Interview) -> tuple[object, ...]:
    """Return what the customer said, and how the response ended."""
    said = {each.question: (each.value, each.text, each.importance) for each in interview.answers}
    return said, interview.comment, interview.state is InterviewState.DECLINED


def _followers(terms: ImportTerms, cells: Cells, survey: Survey, about: _About, interview: Interview) -> Iterator[Any]:
    """Yield what stands beside an interview: the ask that it is of, and its ratings."""
    closing, given_at = about.closing, _given_at(cells)
    invitation = Invitation(
        id=interview.invitation,
        source=closing.source if closing is not None else "",
        ticket=closing.ticket if closing is not None else "",
        closing=closing.number if closing is not None else 0,
        customer=about.customer,
        survey=survey.id,
        due_at=given_at,
        deadline_at=given_at,
        closed_at=closing.closed_at if closing is not None else given_at,
        state=InvitationState.ASKED,
        channel=interview.channel,
        agent_id=closing.agent_id if closing is not None else "",
        agent_name=closing.agent_name if closing is not None else "",
        team=closing.team if closing is not None else "",
        by_hand=True,
        asked_at=interview.asked_at,
        occasion=imported_occasion(interview.id),
        entered_by=cells.get("by") or terms.by or terms.import_id,
    )
    is_test = about.customer in terms.policy.test_customers
    yield invitation
    yield from (_rating(invitation, interview, survey, answer, is_test=is_test) for answer in interview.answers)


def _rating(
    invitation: Invitation, interview: Interview, survey: Survey, answer: Answer, *, is_test: bool
) -> RatingFact:
    fact = rating_fact(invitation, interview, survey, answer)
    is_withdrawn = interview.state is InterviewState.WITHDRAWN
    reason = ExclusionReason.TEST if is_test else ExclusionReason.REOPENED if is_withdrawn else None
    return replace(fact, status=RatingStatus.EXCLUDED, reason=reason) if reason is not None else fact
