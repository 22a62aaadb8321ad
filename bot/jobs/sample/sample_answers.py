"""The asks of the sample company and what was answered: invitations, interviews, their log and their ratings."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.jobs.sample.draws import Draws
from bot.jobs.sample.sample_comments import CommentTopic, comment_text, phrase_text
from bot.jobs.sample.sample_days import SampleOrder, SampleSetup
from bot.jobs.sample.sample_visits import SampleVisit
from config.sample.company_file import CompanyPlan
from dialogs.exclusion.model import Exclusion, ExclusionState
from dialogs.ids import RefKind, derive
from dialogs.interview.model import Answer, Interview, InterviewState
from dialogs.invitation.model import SAMPLE_SOURCE, Invitation, InvitationReason, InvitationState
from dialogs.survey import Survey
from scoring.rules import AlertKind, AlertSubject
from scoring.validity import ExclusionReason, RaisedFlag, ResponseFlag
from scoring.values import replace
from storage.model.fact_records import RatingFact, RatingStatus
from storage.model.records import AnswerLog

__all__ = ["LOW", "answers_to", "exclusion_of", "invitation_about", "log_of", "rated_at", "ratings_of", "subjects_of"]

LOW = 2
"""The rating up to which there is an issue."""
_LIMITS = (-2.6, -1.9, -0.75, 0.4)
"""Levels above which a rating is 2, 3, 4, 5."""
_PERSON, _VISIT, _ITEM = 0.5, 0.35, 0.75
"""How much ratings differ between people, between visits, and between the questions of one visit."""
_REMARKED, _REMARKS = 3, 2
_DELAY, _DEADLINE, _EXPIRY = timedelta(minutes=30), timedelta(hours=24), timedelta(hours=72)
_PARTIAL, _DECLINED = 0.05, 0.02
_SUPPRESSED = ("quarantine", "sampled_out", "deadline", "opted_out")
_MALICIOUS, _CONTRADICTS = 0.004, 0.012


def invitation_about(visit: SampleVisit, setup: SampleSetup, draws: Draws) -> Invitation:
    """Return what became of asking about a visit: asked on a channel, or why not."""
    plan, order = setup.plan, setup.order
    invitation = Invitation(
        id=derive(RefKind.INVITATION, SAMPLE_SOURCE, order.seed, visit.ticket),
        source=SAMPLE_SOURCE,
        ticket=visit.ticket,
        closing=1,
        customer=visit.customer.id,
        survey=order.survey.id,
        due_at=visit.closed_at + _DELAY,
        deadline_at=visit.closed_at + _DEADLINE,
        closed_at=visit.closed_at,
        agent_id=visit.technician.id,
        agent_name=visit.technician.name,
        team=visit.team.name,
    )
    left = draws.unit()
    for name, share in plan.unsent.items():
        left -= share
        if left < 0:
            is_held = name in _SUPPRESSED
            state = InvitationState.SUPPRESSED if is_held else InvitationState.UNREACHABLE
            return replace(invitation, state=state, reason=InvitationReason(name))
    channel = draws.weighted(plan.channels, [one.share for one in plan.channels])
    asked = invitation.due_at
    state = InvitationState.ASKED
    return replace(invitation, state=state, channel=channel.name, asked_at=asked, sent_at=asked)


def answers_to(invitation: Invitation, visit: SampleVisit, setup: SampleSetup, draws: Draws) -> Interview:
    """Return the interview of whoever was asked, answered or not."""
    sent, survey = invitation.due_at, setup.order.survey
    channel = next(one for one in setup.plan.channels if one.name == invitation.channel)
    asked = Interview(
        id=derive(RefKind.INTERVIEW, invitation.id),
        invitation=invitation.id,
        customer=invitation.customer,
        channel=channel.name,
        chat="",
        survey=(survey.id, survey.version),
        locale=visit.customer.locale,
        asked_at=sent,
        expires_at=sent + _EXPIRY,
        state=InterviewState.EXPIRED,
        at=survey.questions[0].id,
    )
    if not draws.chance(channel.answers):
        end = InterviewState.DECLINED if draws.chance(_DECLINED) else asked.state
        return replace(asked, state=end)
    return _answered(asked, visit, setup, draws)


def _answered(asked: Interview, visit: SampleVisit, setup: SampleSetup, draws: Draws) -> Interview:
    plan = setup.plan
    shown = [question.id for question in setup.order.survey.questions]
    asks, questions = len(shown), shown
    if draws.chance(_PARTIAL):
        questions = shown[: draws.between(1, asks - 1)]
    at = min(asked.asked_at + timedelta(minutes=_late(draws)), setup.days.end - timedelta(minutes=10))
    at = max(at, asked.asked_at + timedelta(seconds=20))
    common = _visit_level(visit, setup.order, draws)
    wording, answers = plan.wording[asked.locale], list[Answer]()
    is_contrary = draws.chance(_CONTRADICTS)
    remarked: list[str] = []
    for question in questions:
        value = _rating(common + _item_level(visit, question, setup) + _ITEM * draws.normal())
        at += timedelta(seconds=draws.between(2, 14))
        text = None
        if value <= _REMARKED and len(remarked) < _REMARKS and question in _worded(plan, asked.locale):
            remarked.append(question)
            if draws.chance(0.6):
                topic = CommentTopic(question, is_good=is_contrary)
                text = phrase_text(wording, topic, visit.thing, draws)
        answers.append(Answer(question, value, at, text))
        at += timedelta(seconds=draws.between(5, 25) if text else 0)
    done = replace(asked, answers=tuple(answers), remarks_asked=tuple(remarked), at="")
    if len(questions) < asks:
        done = replace(done, at=shown[len(questions)])
        missing = f"{asks - len(questions)} of {asks} items are missing"
        return replace(done, flags=(RaisedFlag(ResponseFlag.INCOMPLETE, missing),))
    end = InterviewState.COMPLETED
    done = replace(done, state=end, completed_at=at + timedelta(seconds=30))
    if is_contrary:
        done = replace(done, flags=(RaisedFlag(ResponseFlag.CONTRADICTION),) if any(remarked) else ())
    return _with_comment(done, visit, plan, draws, is_contrary=is_contrary)


def _late(draws: Draws) -> int:
    """Return after how many minutes somebody answers: most within the hour, some a day later."""
    spread = draws.unit()
    return int(4 + 1800 * spread * spread * spread * spread)


def _visit_level(visit: SampleVisit, order: SampleOrder, draws: Draws) -> float:
    """Return how good a visit was by chance: by the person, and by the day."""
    person = Draws(order.seed, "mood", visit.customer.id).normal()
    return _PERSON * person + _VISIT * draws.normal() - (0.5 if visit.again_for else 0.0)


def _item_level(visit: SampleVisit, question: str, setup: SampleSetup) -> float:
    level = setup.plan.level.get(question, 0.4)
    for one in setup.days.changes:
        change = one.change
        if change.dimension == question and change.before is not None and visit.day < one.begins:
            level = change.before
    return level + visit.team.level.get(question, 0.0) + visit.technician.level.get(question, 0.0)


def rated_at(visit: SampleVisit, question: str, setup: SampleSetup, draws: Draws) -> int:
    """Return a rating of a visit by somebody who rates one question of the company's survey."""
    return _rating(_visit_level(visit, setup.order, draws) + _item_level(visit, question, setup) + draws.normal())


def _rating(level: float) -> int:
    return 1 + sum(level > limit for limit in _LIMITS)


def _worded(plan: CompanyPlan, locale: str) -> set[str]:
    return {question for question, _ in plan.wording[locale].said}


def _with_comment(
    interview: Interview, visit: SampleVisit, plan: CompanyPlan, draws: Draws, *, is_contrary: bool
) -> Interview:
    """Return it with a comment about what was best or worst, where somebody writes one."""
    worded = _worded(plan, interview.locale)
    rated = sorted((answer.value, answer.question) for answer in interview.answers if answer.question in worded)
    has_remark = any(answer.text for answer in interview.answers)
    if not rated or not draws.chance(0.1 if has_remark else 0.34):
        return interview
    first, last = rated[0], rated[-1]
    told = [first, last] if first[0] <= _REMARKED < last[0] else [draws.pick(rated)]
    topics: Sequence[CommentTopic] = [
        CommentTopic(question, is_good=(value > _REMARKED) is not is_contrary) for value, question in told
    ]
    text = comment_text(plan.wording[interview.locale], topics, visit.thing, draws)
    return replace(interview, comment=text)


def log_of(interview: Interview) -> list[AnswerLog]:
    """Return the history of an interview's answers, as they came in."""
    said: list[tuple[str, int | None, str | None, datetime]] = []
    for answer in interview.answers:
        said.append((answer.question, answer.value, None, answer.at))
        if answer.text is not None:
            said.append((answer.question, answer.value, answer.text, answer.at + timedelta(seconds=4)))
    if interview.comment is not None and interview.completed_at is not None:
        said.append(("comment", None, interview.comment, interview.completed_at))
    return [
        AnswerLog(interview.id, number, question, value, text, at, f"{SAMPLE_SOURCE}:{interview.id}:{number}")
        for number, (question, value, text, at) in enumerate(said)
    ]


def ratings_of(interview: Interview, visit: SampleVisit, survey: Survey) -> Iterator[RatingFact]:
    """Yield the ratings of an interview by a survey, counted or excluded with it."""
    scale = survey.scale
    status = RatingStatus.COUNTED if interview.exclusion is None else RatingStatus.EXCLUDED
    for answer in interview.answers:
        yield RatingFact(
            source=SAMPLE_SOURCE,
            ticket=visit.ticket,
            closing=1,
            response=interview.id,
            item=answer.question,
            survey=survey.id,
            survey_number=survey.version,
            dimension=survey.question(answer.question).measures,
            value=answer.value,
            lowest=scale.lowest,
            highest=scale.highest,
            at=answer.at,
            channel=interview.channel,
            status=status,
            reason=interview.exclusion,
            importance=answer.importance or 0,
        )


def exclusion_of(interview: Interview, plan: CompanyPlan, draws: Draws) -> tuple[Interview, Exclusion | None]:
    """Return an interview as it counts: a few do not, as two people decided."""
    done = interview.completed_at
    if done is None or not draws.chance(_MALICIOUS):
        return interview, None
    reason = ExclusionReason.OFF_TOPIC
    excluded = Exclusion(
        id=derive("exc", interview.id),
        response=interview.id,
        number=1,
        reason=reason,
        proposed_by=plan.words["helper"],
        proposed_at=done + timedelta(hours=3),
        note="",
        state=ExclusionState.EXCLUDED,
        decided_by=plan.words["lead"],
        decided_at=done + timedelta(hours=9),
    )
    return replace(interview, exclusion=reason), excluded


def subjects_of(interview: Interview) -> tuple[AlertSubject, ...]:
    """Return what an issue was raised about: each rating that is low."""
    return tuple(AlertSubject(AlertKind.RATING, one.question) for one in interview.answers if one.value <= LOW)
