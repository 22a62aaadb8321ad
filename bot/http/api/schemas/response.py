"""Responses in JSON: the answers of one interview, in the survey's order."""

from datetime import datetime
from fractions import Fraction
from typing import Annotated

from msgspec.structs import asdict
from pydantic import BaseModel, Field

from bot.handlers.phrases import PolarityName, polarity_name
from bot.handlers.responses.entered import EnteredAnswer, EnteredResponse
from bot.http.api.schemas.field_types import Id, Line, LongText, Moment, Name, TicketRef, read_ticket
from bot.http.api.schemas.ticket_request import RequestBody
from dialogs.interview.model import Answer, Interview
from dialogs.invitation.model import Invitation, status_of
from dialogs.survey import Survey, in_locale
from scoring.forms.sheet import SheetScore
from scoring.values import replace
from storage.model.text_records import CommentReading

__all__ = ["NewResponseBody", "ResponseOut", "ResponsePage", "response_out"]

_MOST = 100  # questions


class NewAnswerBody(RequestBody):
    """A rating in the units of the survey's scale, with the customer's remark to it."""

    value: Annotated[int, Field(strict=True)]
    text: LongText = ""
    importance: Annotated[int, Field(strict=True, ge=1, le=5)] | None = Field(
        default=None, description="how important the customer finds it, 1 to 5, where the survey asks for it"
    )


class NewResponseBody(RequestBody):
    """What a customer answered on another way than a chat, as a colleague enters it."""

    ticket: TicketRef | None = Field(default=None, description="its latest closing is what the answers are about")
    customer: Id | None = Field(default=None, description="who answered, where they are about no ticket")
    survey: Id | None = Field(default=None, description="`survey.default` where it is left out")
    source: Annotated[str, Field(max_length=20, description="`web` `sms` `phone` `paper` `onsite` or `platform`")]
    by: Name = Field(description="who enters it")
    number: Annotated[str, Field(max_length=100, description="of the paper or the review")] = ""
    given_at: Moment | None = Field(default=None, description="when the customer gave them; now where it is left out")
    answers: Annotated[dict[Id, NewAnswerBody], Field(max_length=_MOST, description="by the questions' ids")]
    comment: LongText = ""
    reason: Line = Field(default="", description="why what was entered before is corrected")

    def wanted(self, default_survey: str) -> EnteredResponse:
        """Return it as the decision takes it."""
        return EnteredResponse(
            survey=self.survey or default_survey,
            source=self.source,
            by=self.by,
            answers={
                question: EnteredAnswer(one.value, one.text.strip(), one.importance)
                for question, one in self.answers.items()
            },
            comment=self.comment.strip(),
            ticket=read_ticket(self.ticket) if self.ticket is not None else None,
            customer=self.customer or "",
            number=self.number,
            given_at=self.given_at,
            reason=self.reason,
        )


class ClarificationOut(BaseModel):
    """The question whether another rating was meant, asked where the words said the opposite of it."""

    given: int = Field(description="the rating as it was")
    meant: int = Field(description="the rating that was asked about: as far from the other end of the scale")
    at: datetime
    confirmed: int | None = Field(description="the rating that the customer said it is; null while they have not")


class AnswerOut(BaseModel):
    """One answer; `text` is the remark to it."""

    question: str
    value: int | None
    text: str | None
    at: datetime
    importance: int | None = Field(
        description="how important the customer finds it, 1 to 5; null where nobody asked or answered that"
    )
    clarification: ClarificationOut | None = Field(description="null where nothing contradicted the rating")


class SaidOut(BaseModel):
    """Words of the customer that were no answer to a question."""

    text: str
    at: datetime


class EnteredOut(BaseModel):
    """Who entered what a customer answered on another way than a chat, and when."""

    by: str
    at: datetime


class ResponseOut(BaseModel):
    """What a customer answered; `score` is the mean of the ratings in the scale's units, null when there are none."""

    id: str
    ticket: str | None = Field(description="`source/id`; null for an ask about no ticket")
    survey: str
    status: str
    channel: str = Field(description="how the answers came: a chat, our page (`web`), or the source of entered ones")
    entered: EnteredOut | None = Field(description="null for what the customer answered in a chat or on our page")
    score: float | None
    answers: tuple[AnswerOut, ...]
    comment: str | None
    comment_polarity: PolarityName | None = Field(
        description="what the comment says as a whole, of remarks alone what they say together;"
        " null where nothing was written, or it waits to be read"
    )
    comment_dimensions: tuple[str, ...] = Field(description="what the comment is about, as it was read")
    said: tuple[SaidOut, ...] = Field(description="words that were no answer, in the order in which they were said")
    started_at: datetime | None
    completed_at: datetime | None
    flags: tuple[str, ...] = Field(
        description="what makes it doubtful, at its end: `incomplete` `too_fast` `straight_line` `duplicate` `test`"
        " `contradiction`;"
        " `unreadable_survey`: its questions are not in the database any more"
    )


class SectionScoreOut(BaseModel):
    """What a section earned of its weight; null while it is incomplete."""

    section: str = Field(description="its id; empty where the survey has no sections")
    name: str
    weight: float
    score: float | None
    answered: int
    asked: int


class TotalledResponseOut(ResponseOut):
    """A response to a survey with sections, grades or importance; names are in the default language of the settings."""

    total: float | None = Field(description="of 100, not rounded; null while questions are unanswered")
    grade: str | None = Field(description="by the exact total; null without one, and where the survey has no grades")
    sections: tuple[SectionScoreOut, ...]


class ResponsePage(BaseModel):
    """A page of responses; `next` is the cursor of the page after it."""

    items: tuple[TotalledResponseOut | ResponseOut, ...]
    next: str | None


def response_out(
    interview: Interview,
    invitation: Invitation,
    survey: Survey | None,
    locale: str,
    reading: CommentReading | None = None,
) -> ResponseOut:
    """Return a response as the API shows it, finished or not; of an anonymous one only its status, never an answer.

    Without a `survey`, which cannot be read, it is shown as an anonymous one, since it may be one. Names of sections
    and grades are in `locale`.
    """
    status = status_of(invitation, interview)
    if survey is None or survey.anonymous:
        interview = replace(interview, answers=(), comment=None, said=(), completed_at=None)
    polarity, about = _judged(reading) if interview.texts else (None, ())
    plain = ResponseOut(
        id=interview.id,
        ticket="/".join(invitation.about) if invitation.about else None,
        survey=interview.survey[0],
        status=status,
        channel=interview.channel,
        entered=EnteredOut(by=invitation.entered_by, at=interview.asked_at) if invitation.entered_by else None,
        score=_number(interview.score),
        answers=_answers(interview, survey),
        comment=interview.comment,
        comment_polarity=polarity,
        comment_dimensions=about,
        said=tuple(SaidOut(text=words.text, at=words.at) for words in interview.said),
        started_at=interview.started_at,
        completed_at=interview.completed_at,
        flags=tuple(one.flag for one in interview.flags) if survey is not None else ("unreadable_survey",),
    )
    if survey is None or survey.anonymous or not survey.has_total:
        return plain
    return _totalled(plain, survey, survey.total(interview.ratings), locale)


def _judged(reading: CommentReading | None) -> tuple[PolarityName | None, tuple[str, ...]]:
    if reading is None or reading.polarity is None:
        return None, ()
    return polarity_name(reading.polarity), reading.about


def _totalled(plain: ResponseOut, survey: Survey, score: SheetScore, locale: str) -> TotalledResponseOut:
    names = {section.id: in_locale(section.name, locale) for section in survey.sections}
    return TotalledResponseOut(
        **dict(plain),
        total=_number(score.total),
        grade=in_locale(score.grade.name, locale) if score.grade else None,
        sections=tuple(
            SectionScoreOut(
                section=one.id,
                name=names.get(one.id, ""),
                weight=float(one.weight),
                score=_number(one.score),
                answered=one.answered,
                asked=one.asked,
            )
            for one in score.sections
        ),
    )


def _number(exact: Fraction | None) -> float | None:
    return None if exact is None else float(exact)


def _answers(interview: Interview, survey: Survey | None) -> tuple[AnswerOut, ...]:
    if survey is None:
        return ()
    return tuple(map(_answer_out, sorted(interview.answers, key=lambda answer: survey.place(answer.question))))


def _answer_out(answer: Answer) -> AnswerOut:
    asked = answer.clarification
    return AnswerOut(
        question=answer.question,
        value=answer.value,
        text=answer.text,
        at=answer.at,
        importance=answer.importance or None,
        clarification=None if asked is None else ClarificationOut(**asdict(asked)),
    )
