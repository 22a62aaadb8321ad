"""What makes a response doubtful, raised as its interview ends, from its ratings and moments and other responses."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from functools import cache, partial
from zoneinfo import ZoneInfo

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from dialogs.interview.contradiction import has_asked, is_doubted
from dialogs.interview.model import FINAL, Interview, InterviewState
from dialogs.survey import Survey
from dialogs.time.local_time import wall_of
from dialogs.understanding.lexicon import Lexicon
from dialogs.understanding.read import strong_side
from scoring.deduplication import (
    DuplicateRules,
    FoundDuplicate,
    Review,
    ReviewPeriod,
    SharedKey,
    find_duplicates,
    rated_badness,
)
from scoring.validity import Effort, RaisedFlag, ResponseFlag, effort_flags
from scoring.values import replace

__all__ = ["duplicate_flag", "leaning_of", "may_count", "review_of", "review_period", "with_flags"]


def leaning_of(lexicon: Lexicon) -> Callable[[str], int]:
    """Return what tells strong praise and blame; within one decision each text is read once."""
    return cache(partial(strong_side, lexicon=lexicon))


def with_flags(
    context: DecisionContext, survey: Survey, interview: Interview, leaning: Callable[[str], int] | None = None
) -> Interview:
    """Return an interview that has ended with its flags; one that goes on, or was withdrawn, has none."""
    if interview.state not in FINAL or interview.state is InterviewState.WITHDRAWN or not interview.answers:
        return interview
    flags = (*_by_others(context, interview), *effort_flags(_effort(survey, interview)))
    leaning = leaning or leaning_of(context.policy.lexicon)
    return replace(interview, flags=(*flags, *_by_words(survey, interview, leaning)))


def _by_words(survey: Survey, interview: Interview, leaning: Callable[[str], int]) -> Iterator[RaisedFlag]:
    if is_doubted(interview, survey, leaning):
        asked = "the customer was asked which is meant" if has_asked(interview) else "the customer was not asked"
        yield RaisedFlag(ResponseFlag.CONTRADICTION, f"the words say the opposite of the ratings; {asked}")


def _by_others(context: DecisionContext, interview: Interview) -> Iterator[RaisedFlag]:
    if interview.customer in context.policy.test_customers:
        yield RaisedFlag(ResponseFlag.TEST, "the customer is listed in survey.test_customers")
    known = (raised for raised in interview.flags if raised.flag is ResponseFlag.DUPLICATE)
    yield from _within_ticket(context, interview) or known


def _within_ticket(context: DecisionContext, interview: Interview) -> tuple[RaisedFlag, ...]:
    """Return the flag of a response whose ticket has another one that counts instead, as far as is known here.

    What else it may double, and what it makes of the others, is looked at after the commit (bot/jobs/validity).
    """
    mine, rules = context.snapshot.invitation(interview.invitation), context.policy.duplicates.within_tickets
    if mine is None or mine.about is None or not may_count(context.policy, interview):
        return ()
    asks = [ask for ask in context.snapshot.invitations_of(*mine.about) if ask.id != mine.id]
    others = ((ask, other) for ask in asks if (other := context.snapshot.interview_of(ask.id)) is not None)
    ended = [(ask, other) for ask, other in others if may_count(context.policy, other)]
    if not ended:
        return ()
    zone = context.policy.timezone
    found = find_duplicates(
        (
            review_of(
                context.policy.survey_version(one.survey),
                one,
                review_period(ask.closed_at, rules, zone),
                {
                    SharedKey.CUSTOMER: ask.customer,
                    SharedKey.TICKET: f"{ask.source}/{ask.ticket}/{ask.customer}",
                    SharedKey.CLOSING: f"{ask.source}/{ask.ticket}/{ask.customer}/{ask.closing}",
                },
            )
            for ask, one in [(mine, interview), *ended]
        ),
        rules,
    ).get(interview.id)
    return () if found is None else (duplicate_flag(rules, found),)


def may_count(policy: Policy, interview: Interview) -> bool:
    """Return whether a response has ended with answers that nothing but a duplicate keeps from counting."""
    is_over = interview.state in FINAL and interview.state is not InterviewState.WITHDRAWN and bool(interview.answers)
    return is_over and interview.exclusion is None and interview.customer not in policy.test_customers


def review_period(placed_at: datetime, rules: DuplicateRules, zone: ZoneInfo) -> str:
    """Return the name of the period of the rules in which a closing lies."""
    day = wall_of(placed_at, zone).date()
    if rules.period is ReviewPeriod.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day.year}-{day.month:02}"


def review_of(
    survey: Survey,
    interview: Interview,
    period: str,
    keys: Mapping[SharedKey, str],
    services: frozenset[str] = frozenset(),
) -> Review:
    """Return a response as the rules of what counts once see it; `keys` are those of its closing."""
    return Review(
        interview.id,
        interview.channel,
        period,
        {**keys, SharedKey.SURVEY: survey.id},
        rated_badness(interview.ratings.values(), survey.scale) or Fraction(0),
        max(answer.at for answer in interview.answers),
        services,
    )


def duplicate_flag(rules: DuplicateRules, found: FoundDuplicate) -> RaisedFlag:
    """Return the flag of a duplicate: by which rule, and which response counts."""
    why = f"{found.of} counts instead, by the rule {found.rule.name} (version {rules.version})"
    return RaisedFlag(ResponseFlag.DUPLICATE, why, found.rule.reason, found.rule.name, found.of)


def _effort(survey: Survey, interview: Interview) -> Effort:
    moments = {answer.at for answer in interview.answers}
    done = {*interview.ratings, *interview.skipped}
    return Effort(
        ratings=tuple(interview.ratings.values()),
        asked=len(survey.questions),
        missing=sum(question.id not in done for question in survey.questions),
        gestures=len(moments),
        seconds=(max(moments) - min(moments)).total_seconds(),
        has_words=bool(interview.texts),
    )
