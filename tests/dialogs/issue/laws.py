"""The laws of an issue, held against every issue that two people and two customers can bring about."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache

from dialogs.issue import events as on
from dialogs.issue.card_buttons import CardButtons
from dialogs.issue.cards import CardFacts, card
from dialogs.issue.events import Effect, TimelineLine
from dialogs.issue.machine import ISSUE
from dialogs.issue.model import NOT_CLOSED, WITH_THE_TEAM, Issue, IssueState, IssueTerms
from dialogs.machine import Machine, Transition
from dialogs.messages import Verb
from dialogs.time.working_time import WorkingTime
from scoring.complaints import Judgement
from scoring.rules import AlertWord, Severity
from scoring.values import replace
from tests.dialogs import samples
from tests.dialogs.exploring import ALL, Move, Walk, explore

__all__ = ["LAWS", "broken_laws", "walk_of"]

Visit = Walk[Issue, IssueTerms]

WORKING = WorkingTime(samples.SHANGHAI)
HANDLING = IssueTerms(samples.NOW, timedelta(hours=4), WORKING, timedelta(hours=12), timedelta(hours=24))
LATER = replace(HANDLING, now=HANDLING.now + HANDLING.takeover_after)
"""When anybody may take over what was claimed before; what is claimed then is due later, too."""
_DUE = HANDLING.now + HANDLING.claim_within
START = replace(samples.ISSUE, severity=Severity.NORMAL, customers=("c1",), due_at=_DUE, wake_at=_DUE, text="")
_ROUNDS = 2
_PEOPLE = (("t:1", "张三"), ("t:2", "李四"))
_CUSTOMERS = ("c1", "c2", "stranger")
_MORE = on.MoreFound((AlertWord("退款"),), Severity.HIGH, ("int_b",), (("desk", "2"),), ("c2",))
_BY_A_PERSON = tuple(
    event
    for who, by in _PEOPLE
    for event in (
        on.IssueClaimed(who, by),
        on.Released(who),
        on.IssueAssigned(who, by, who, by, leads=True),
        *(on.IssueAssigned(who, by, *to) for to in _PEOPLE if to[0] != who),
        on.Reported(who, by, "在修"),
        on.Questioned(who, by, "多久？"),
        on.Resolved(who, by, "修好了"),
        on.Resolved(who, by, None, notify=False),
    )
)
_EVENTS = (
    *_BY_A_PERSON,
    _MORE,
    on.Merged("iss_other"),
    on.Overdue(),
    on.HolderReminded(),
    on.ResolutionOverdue(),
    on.ConfirmationTimedOut(),
    on.QuestionAnswered("半天"),
    on.QuestionUndelivered(),
    on.CustomerWrote("还在漏水"),
    on.RatingCorrected("speed 1 → 4"),
    on.Judged("li", Judgement()),  # one that says nothing new; others would double the walk for no law
    on.CustomerForgotten(),
    on.ClosureNotSent("c1", "opted_out"),
    on.ClosureUndelivered("c1", "blocked"),
    on.MessageUndelivered("c1", "blocked"),
)
_ANSWERS = tuple(
    kind(customer, number) for kind in (on.Confirmed, on.Denied) for customer in _CUSTOMERS for number in range(3)
)


@cache
def walk_of(machine: Machine[Issue, IssueTerms] = ISSUE, limit: int = ALL) -> Visit:
    """Visit every issue within three resolutions and two drafts."""
    return explore(machine, START, _happenings, _told, limit)


def _happenings(issue: Issue) -> Iterator[tuple[object, IssueTerms]]:
    events: list[object] = [*_EVENTS]
    events += [on.Drafted(who, by, "修好了") for who, by in _PEOPLE if issue.drafts < _ROUNDS]
    events += [on.Reopened(), on.DeniedThroughMerged()] if issue.resolution < _ROUNDS else []
    events += [a for a in _ANSWERS if isinstance(a, on.Confirmed) or issue.resolution < _ROUNDS]
    yield from ((event, HANDLING) for event in events)
    yield from ((on.IssueAssigned(*one, *other), LATER) for one, other in (_PEOPLE, _PEOPLE[::-1]))


def _told(step: Transition[Issue]) -> Issue:
    """Do what the shell does with the closure: every customer of the issue is told.

    Quoted words are left out, and what was taken over later counts from the beginning.
    """
    issue = replace(step.thing, quotes=())
    if issue.claimed_at == LATER.now:
        issue = replace(issue, claimed_at=HANDLING.now, due_at=HANDLING.resolve_by, wake_at=HANDLING.resolve_by)
    return replace(issue, told=issue.customers) if Effect.TELL_CUSTOMERS in step.effects else issue


def is_finite(walk: Visit) -> Iterator[object]:
    """The walk comes to an end."""
    yield from ["endless"] * walk.endless


def at_most_one_row_fits(walk: Visit) -> Iterator[object]:
    """The table never has two answers."""
    yield from (move for move in walk.all_moves if len(move.rows) > 1)


def there_is_one_holder(walk: Visit) -> Iterator[object]:
    """An open issue is nobody's, a claimed one somebody's, and nobody takes it from the holder who may not."""
    for issue, moves in walk.moves.items():
        held = issue.claimant is not None
        if held != (issue.claimed_by is not None) or (
            issue.state in NOT_CLOSED and held == (issue.state is IssueState.OPEN)
        ):
            yield issue
        yield from (move for move in moves if held and _is_anothers(move))


def _is_anothers(move: Move[Issue, IssueTerms]) -> bool:
    if isinstance(move.event, on.IssueAssigned):
        may = move.event.leads or move.event.who == move.before.claimant or move.context == LATER
        is_given = move.after.claimant == move.event.to_who
        return not is_given or not (may or move.after is move.before)
    taken = move.after.claimant not in (move.before.claimant, None)
    return taken or getattr(move.event, "who", move.before.claimant) != move.before.claimant


def customers_are_told_once_per_resolution(walk: Visit) -> Iterator[object]:
    """Resolving tells them, nothing else does, and only the next resolution tells them again."""
    for move in walk.all_moves:
        resolving = move.before.state in WITH_THE_TEAM and move.after.state is IssueState.RESOLVED
        again = move.before.state not in WITH_THE_TEAM and move.after.state in WITH_THE_TEAM
        told = move.effects.count(Effect.TELL_CUSTOMERS)
        if (told, move.after.resolution) != (resolving, move.before.resolution + again):
            yield move


def there_is_one_question(walk: Visit) -> Iterator[object]:
    """The team asks one thing at a time, while the issue is theirs; an answer or the outcome makes room for more."""
    for move in walk.all_moves:
        asking = move.effects.count(Effect.ASK_CUSTOMERS)
        is_new = move.after.question is not None and move.before.question is None
        lingers = move.after.question is not None and move.after.state not in WITH_THE_TEAM
        is_listening = move.after.state in WITH_THE_TEAM and move.after.resolution > 0  # to why it is not solved
        is_timed = move.after.question is not None or is_listening or move.after.asked_at is None
        if lingers or asking != is_new or not is_timed or (move.after.question and move.after.asked_at is None):
            yield move


def reopening_starts_afresh(walk: Visit) -> Iterator[object]:
    """Whatever was said and sent about the last resolution is over, and the team hears of it."""
    for move in walk.all_moves:
        if move.after.resolution == move.before.resolution:
            continue
        now = move.after
        talk = now.progress or now.question or now.note or now.draft
        stale = talk or now.claimant or now.told or now.confirmed or now.escalated or now.closed_at
        if stale or now.state is not IssueState.OPEN or Effect.TELL_TEAM_REOPENED not in move.effects:
            yield move


def closed_only_as_promised(walk: Visit) -> Iterator[object]:
    """Everybody told said "solved", nobody was to be told, nobody objected in time, or it went into another."""
    for move in walk.all_moves:
        if move.before.state is IssueState.CLOSED or move.after.state is not IssueState.CLOSED:
            continue
        match move.event:
            case on.Confirmed(customer=customer):
                allowed = {*move.before.confirmed, customer} >= set(move.before.told)
            case on.Resolved(notify=notify):
                allowed = not notify
            case on.ConfirmationTimedOut():
                allowed = move.before.state is IssueState.RESOLVED
            case _:
                allowed = isinstance(move.event, on.Merged)
        if not allowed or move.after.closed_at is None:
            yield move


def only_those_told_are_heard(walk: Visit) -> Iterator[object]:
    """Solved and Not solved count from customers who were told, about the resolution that they were told of."""
    for move in walk.all_moves:
        if isinstance(move.event, on.Confirmed | on.Denied):
            told = move.event.customer in move.before.told and move.event.resolution == move.before.resolution
            if not told:
                yield move


def not_solved_always_reopens(walk: Visit) -> Iterator[object]:
    """Whoever was told can say "not solved", also after it was closed, unless it went into another issue."""
    for issue, moves in walk.moves.items():
        if issue.merged_into or issue.resolution >= _ROUNDS:
            continue
        reopened = {move.event for move in moves if move.after.state is IssueState.OPEN}
        yield from (who for who in issue.told if on.Denied(who, issue.resolution) not in reopened)


def nothing_joined_is_lost(walk: Visit) -> Iterator[object]:
    """Reasons, responses, tickets and customers only grow, and it never becomes less severe."""
    for move in walk.all_moves:
        old, new = move.before, move.after
        kept = all(
            set(before) <= set(after)
            for before, after in (
                (old.reasons, new.reasons),
                (old.responses, new.responses),
                (old.tickets, new.tickets),
                (old.customers, new.customers),
            )
        )
        if not kept or new.severity is not old.severity.at_least(new.severity):
            yield move


def a_transition_writes_one_line(walk: Visit) -> Iterator[object]:
    """Whatever changes an issue or is told of it leaves one line in the timeline; a repetition leaves none."""
    for move in walk.all_moves:
        lines = sum(isinstance(effect, TimelineLine) for effect in move.effects)
        if lines != bool(move.effects) or (not lines and move.after is not move.before):
            yield move


def who_waits_is_woken(walk: Visit) -> Iterator[object]:
    """An issue with the team wakes until it was escalated, a resolved one to be closed, no other."""
    for issue in walk.moves:
        waits = issue.state is IssueState.RESOLVED or (issue.state in WITH_THE_TEAM and not issue.escalated)
        if (issue.wake_at is not None) != waits or (issue.due_at is not None) != (issue.state in WITH_THE_TEAM):
            yield issue


def a_holder_has_the_whole_time(walk: Visit) -> Iterator[object]:
    """Whoever gets an issue has all of the time from then on, is reminded once, and only then is it escalated."""
    for move in walk.all_moves:
        old, new = move.before, move.after
        is_fresh = new.state is IssueState.CLAIMED and new.claimant != old.claimant
        if is_fresh and (new.is_reminded or new.escalated or new.due_at != HANDLING.resolve_by):
            yield move
        reminded = move.effects.count(Effect.REMIND_HOLDER)
        if reminded != (new.is_reminded and not old.is_reminded and new.claimant == old.claimant):
            yield move
        if isinstance(move.event, on.ResolutionOverdue) and not (old.is_reminded and new.escalated):
            yield move


def both_hear_of_it(walk: Visit) -> Iterator[object]:
    """Whenever an issue goes from one to another by somebody's hand, those two are told and the line names them."""
    for move in walk.all_moves:
        if isinstance(move.event, on.IssueAssigned) and move.after is not move.before:
            lines = [effect for effect in move.effects if isinstance(effect, TimelineLine)]
            named = any(move.event.to in (line.text or "") for line in lines)
            if not named or Effect.TELL_HOLDERS not in move.effects:
                yield move


def the_severe_is_claimed_sooner(walk: Visit) -> Iterator[object]:
    """What nobody holds has to be claimed within the time set, or half of it where it is severe."""
    within = HANDLING.claim_within
    limits = {Severity.LOW: within * 2, Severity.NORMAL: within, Severity.HIGH: within / 2}
    for move in walk.all_moves:
        new, now = move.after, move.context.now
        is_new = new.state is IssueState.OPEN and (
            move.before.state is not IssueState.OPEN or new.severity is not move.before.severity
        )
        late = new.due_at is None or new.due_at > now + limits[new.severity]
        if is_new and late and not new.escalated:
            yield move


def told_untruly_twice_is_more_severe(walk: Visit) -> Iterator[object]:
    """The first "not solved" leaves the severity as it was, each later one raises it."""
    for move in walk.all_moves:
        if not isinstance(move.event, on.Denied | on.DeniedThroughMerged):
            continue
        is_again = move.after.resolution > move.before.resolution >= 1
        if move.after.severity is not (move.before.severity.raised if is_again else move.before.severity):
            yield move


def merged_is_final(walk: Visit) -> Iterator[object]:
    """What went into another issue lives on there alone."""
    yield from (move for move in walk.all_moves if move.before.merged_into and move.after is not move.before)


_SHOWING = (Verb.MORE, Verb.CONTACT)
"""Buttons that show something, and move nothing."""


def every_button_leads_somewhere(walk: Visit) -> Iterator[object]:
    """Every card can be drawn, and what it offers has an answer in the table for somebody."""
    kinds = {
        Verb.CLAIM: on.IssueClaimed,
        Verb.RESOLVE: on.Resolved,
        Verb.PROGRESS: on.Reported,
        Verb.QUESTION: on.Questioned,
        Verb.RELEASE: on.Released,
        Verb.ASSIGN: on.IssueAssigned,
        Verb.MERGE: on.Merged,
    }
    for issue, moves in walk.moves.items():
        answered = {type(move.event) for move in moves}
        rows = card(issue, CardFacts(), samples.PHRASES, "zh-Hans", samples.SHANGHAI).rows
        more = CardButtons(issue, samples.PHRASES, "zh-Hans").more()
        if bool(rows) != (issue.state in WITH_THE_TEAM) or bool(more) != bool(rows):
            yield issue
        offered = [choice for row in (*rows, *more) for choice in row if choice.means.verb not in _SHOWING]
        yield from (choice for choice in offered if kinds[choice.means.verb] not in answered)


LAWS: tuple[Callable[[Visit], Iterator[object]], ...] = (
    is_finite,
    at_most_one_row_fits,
    there_is_one_holder,
    customers_are_told_once_per_resolution,
    there_is_one_question,
    reopening_starts_afresh,
    closed_only_as_promised,
    only_those_told_are_heard,
    not_solved_always_reopens,
    nothing_joined_is_lost,
    a_transition_writes_one_line,
    who_waits_is_woken,
    a_holder_has_the_whole_time,
    both_hear_of_it,
    the_severe_is_claimed_sooner,
    told_untruly_twice_is_more_severe,
    merged_is_final,
    every_button_leads_somewhere,
)


def broken_laws(walk: Visit) -> set[str]:
    """Name the laws that something on the walk breaks."""
    return {law.__name__ for law in LAWS if next(law(walk), None) is not None}
