"""The conversation's table: from the first question to thanks, one tap per question.

A rating carries its question, so a tap on an old keyboard is a correction and a double tap changes nothing.
"""

from dialogs.interview import actions as do
from dialogs.interview import guards as when
from dialogs.interview.events import (
    Back,
    Commented,
    Declined,
    Edited,
    Lapsed,
    Mumbled,
    Rated,
    Remarked,
    Reminded,
    Resumed,
    Skipped,
    Withdrawn,
)
from dialogs.interview.model import OPEN, Interview, State, Talk
from dialogs.machine import Machine, row

__all__ = ["INTERVIEW"]

_ASKING = (State.INVITED, State.RATING)

INTERVIEW: Machine[Interview, Talk] = Machine(
    "interview",
    State.INVITED,
    (
        *(
            entry
            for asking in _ASKING
            for entry in (
                row(asking, Rated, State.REMARKING, do.record_and_ask_why, when.wants_a_remark),
                row(asking, Rated, State.RATING, do.record_and_ask_next, when.more_to_rate),
                row(asking, Rated, State.COMMENTING, do.record_and_ask_comment, when.the_last_one),
                row(asking, Skipped, State.RATING, do.skip_and_ask_next, when.this_step_and_more),
                row(asking, Skipped, State.COMMENTING, do.skip_and_ask_comment, when.this_step_the_last),
            )
        ),
        row(State.RATING, Rated, State.RATING, do.record, when.a_correction),
        row(State.RATING, Rated, State.RATING, do.change_nothing, when.a_repeat),
        row(State.RATING, Back, State.RATING, do.ask_the_one_before, when.not_the_first),
        row(State.REMARKING, Remarked, State.RATING, do.keep_remark_and_ask_next, when.more_after_this),
        row(State.REMARKING, Remarked, State.COMMENTING, do.keep_remark_and_ask_comment, when.nothing_after_this),
        row(State.REMARKING, Skipped, State.RATING, do.skip_and_ask_next, when.this_step_and_more),
        row(State.REMARKING, Skipped, State.COMMENTING, do.skip_and_ask_comment, when.this_step_the_last),
        row(State.REMARKING, Back, State.RATING, do.ask_it_again, when.this_step),
        row(State.REMARKING, Rated, State.REMARKING, do.record, when.a_correction),
        row(State.REMARKING, Rated, State.REMARKING, do.change_nothing, when.a_repeat),
        row(State.COMMENTING, Commented, State.COMPLETED, do.keep_comment_and_thank),
        row(State.COMMENTING, Skipped, State.COMPLETED, do.thank, when.this_step),
        row(State.COMMENTING, Back, State.RATING, do.ask_it_again, when.this_step),
        row(State.COMMENTING, Rated, State.COMMENTING, do.record, when.a_correction),
        row(State.COMMENTING, Rated, State.COMMENTING, do.change_nothing, when.a_repeat),
        row(State.COMPLETED, Rated, State.COMPLETED, do.record, when.a_late_correction),
        *(
            row(state, Edited, state, do.reword, when.knows_the_message)
            for state in (State.RATING, State.REMARKING, State.COMMENTING, State.COMPLETED)
        ),
        *(
            entry
            for asking in OPEN
            for entry in (
                row(asking, Mumbled, asking, do.give_an_example, when.first_time),
                row(asking, Mumbled, asking, do.hand_over, when.second_time),
                row(asking, Mumbled, asking, do.pass_it_on, when.once_more),
            )
        ),
        row(State.INVITED, Reminded, State.INVITED, do.remind, when.not_reminded),
        *(
            entry
            for state in OPEN
            for entry in (
                row(state, Resumed, state, do.show_again),
                row(state, Declined, State.DECLINED, do.take_leave),
                row(state, Withdrawn, State.WITHDRAWN, do.take_leave),
                row(state, Lapsed, State.EXPIRED, do.take_leave),
            )
        ),
    ),
)
