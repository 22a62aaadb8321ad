"""The issue's table: open, claimed, resolved, closed, and open again when the customer says "not solved".

To let something new happen to an issue, give it an event with its line in events.py and its rows here; what has to be
done besides is an `Effect`, carried out in `bot.handlers.issues.transitions`. What time does to an issue comes from
`wake_at`, through `bot.handlers.due`.
"""

from dialogs.issue import actions as do
from dialogs.issue import guards as when
from dialogs.issue.events import (
    ClosureNotSent,
    ClosureUndelivered,
    ConfirmationTimedOut,
    Confirmed,
    CustomerForgotten,
    CustomerWrote,
    Denied,
    DeniedThroughMerged,
    Drafted,
    HolderReminded,
    IssueAssigned,
    IssueClaimed,
    Judged,
    Merged,
    MessageUndelivered,
    MoreFound,
    Overdue,
    QuestionAnswered,
    Questioned,
    QuestionUndelivered,
    RatingCorrected,
    Released,
    Reopened,
    Reported,
    ResolutionOverdue,
    Resolved,
)
from dialogs.issue.model import NOT_CLOSED, WITH_THE_TEAM, Issue, IssueState, IssueTerms
from dialogs.machine import Machine, row

__all__ = ["ISSUE"]

_OPEN, _CLAIMED, _RESOLVED, _CLOSED = IssueState

ISSUE: Machine[Issue, IssueTerms] = Machine(
    "issue",
    _OPEN,
    (
        row(_OPEN, IssueClaimed, _CLAIMED, do.take),
        row(_OPEN, IssueAssigned, _CLAIMED, do.assign),
        row(_OPEN, Drafted, _CLAIMED, do.take_and_keep_draft),
        row(_OPEN, Reported, _CLAIMED, do.take_and_report),
        row(_OPEN, Questioned, _CLAIMED, do.take_and_question, when.nothing_asked),
        row(_OPEN, Resolved, _RESOLVED, do.take_and_resolve, when.told),
        row(_OPEN, Resolved, _CLOSED, do.take_and_resolve_silently, when.silently),
        row(_OPEN, Overdue, _OPEN, do.escalate, when.not_escalated),
        row(_CLAIMED, IssueClaimed, _CLAIMED, do.change_nothing, when.by_the_holder),
        row(_CLAIMED, IssueAssigned, _CLAIMED, do.change_nothing, when.to_the_holder),
        row(_CLAIMED, IssueAssigned, _CLAIMED, do.reassign, when.to_another_and_allowed),
        row(_CLAIMED, Released, _OPEN, do.put_back, when.by_the_holder),
        row(_CLAIMED, Drafted, _CLAIMED, do.keep_draft, when.by_the_holder),
        row(_CLAIMED, Reported, _CLAIMED, do.report, when.by_the_holder),
        row(_CLAIMED, Questioned, _CLAIMED, do.question, when.nothing_asked_by_the_holder),
        row(_CLAIMED, Resolved, _RESOLVED, do.resolve, when.told_by_the_holder),
        row(_CLAIMED, Resolved, _CLOSED, do.resolve_silently, when.silently_by_the_holder),
        row(_CLAIMED, HolderReminded, _CLAIMED, do.remind_holder, when.not_reminded),
        row(_CLAIMED, ResolutionOverdue, _CLAIMED, do.escalate, when.reminded),
        row(_RESOLVED, Resolved, _RESOLVED, do.change_nothing, when.by_the_holder),
        row(_RESOLVED, Confirmed, _RESOLVED, do.record_confirmation, when.others_yet_to_say),
        row(_RESOLVED, Confirmed, _CLOSED, do.close_confirmed, when.the_last_one_told),
        row(_RESOLVED, Denied, _OPEN, do.open_again_and_listen, when.this_resolution),
        row(_RESOLVED, DeniedThroughMerged, _OPEN, do.open_again_and_listen),
        row(_RESOLVED, Reopened, _OPEN, do.open_again),
        row(_RESOLVED, ConfirmationTimedOut, _CLOSED, do.close),
        row(_RESOLVED, ClosureNotSent, _RESOLVED, do.record_unsent),
        row(_CLOSED, Resolved, _CLOSED, do.change_nothing, when.by_the_holder),
        row(_CLOSED, Denied, _OPEN, do.open_again_and_listen, when.this_resolution),
        row(_CLOSED, DeniedThroughMerged, _OPEN, do.open_again_and_listen, when.not_merged),
        row(_CLOSED, DeniedThroughMerged, _CLOSED, do.record_line, when.merged),
        row(_CLOSED, Reopened, _OPEN, do.open_again, when.not_merged),
        *(row(state, MoreFound, state, do.join) for state in WITH_THE_TEAM),
        *(row(state, QuestionAnswered, state, do.take_answer, when.asked) for state in WITH_THE_TEAM),
        *(row(state, QuestionUndelivered, state, do.take_back_question, when.asked) for state in WITH_THE_TEAM),
        *(row(state, DeniedThroughMerged, state, do.record_line) for state in WITH_THE_TEAM),
        *(row(state, CustomerWrote, state, do.quote) for state in NOT_CLOSED),
        *(row(state, RatingCorrected, state, do.record_line) for state in NOT_CLOSED),
        *(row(state, Judged, state, do.judge) for state in NOT_CLOSED),
        row(_CLOSED, Judged, _CLOSED, do.judge, when.not_merged),
        *(row(state, CustomerForgotten, state, do.record_line) for state in NOT_CLOSED),
        *(row(state, Merged, _CLOSED, do.close_merged) for state in NOT_CLOSED),
        *(row(state, ClosureUndelivered, state, do.take_back_told) for state in (_RESOLVED, _CLOSED)),
        *(row(state, MessageUndelivered, state, do.record_line) for state in IssueState),
    ),
)
