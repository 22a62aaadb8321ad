"""The conversation's table: from the first question to thanks, one tap per question.

A rating carries its question, so a tap on an old keyboard is a correction and a double tap changes nothing.

What a rating leads to is decided by the guards, each a short function in `guards.py`:

- the question asked (`is_asked`): `wants_a_remark` where the rating is at or below the survey's `remark.at_or_below`
  and it may still ask why (a 2, as the shipped survey is written), else `more_to_rate`, else `the_last_one`;
- the question asked, in a survey that asks for importance: `wants_importance`, after what may be said to a low rating;
- another question that was answered or skipped: `a_correction` by another value, `a_repeat` by the same one,
  `a_late_correction` after the end, until the interview expires;
- after the comment, where its words or those of a remark say the opposite of the ratings (`contradiction.py`): it is
  asked once which is meant, in a state of its own, and whatever ends that completes the interview;
- anything else (a question not yet asked, a value off the scale, an interview that is over): no row fits, and `step`
  returns None.

Words that are no answer are kept, whatever they are: `NotUnderstood` asks again and then calls a person, `Narrated`,
`Complained` and `WantedPerson` call one at once, `Spoke` is answered and counts for nothing, `Ended` ends it without
an opt-out.

An action in `actions.py` returns the interview as it is then (`model.py` has its fields) and its effects: `Shown`
shows it, `HandedOver` gives the words to the team. Whether a rating is low is not decided here:
`bot/handlers/issues/alerts.py` does after each step.
"""

from dialogs.interview import actions as do
from dialogs.interview import clarifying_actions as clarify
from dialogs.interview import clarifying_guards as doubt
from dialogs.interview import guards as when
from dialogs.interview import importance_actions as weigh
from dialogs.interview.events import (
    Back,
    Clarified,
    Commented,
    Complained,
    Declined,
    Edited,
    Ended,
    ImportanceDeclined,
    Lapsed,
    LateWords,
    Narrated,
    NeverShown,
    Noted,
    NotUnderstood,
    Rated,
    RatedAll,
    ReasonGiven,
    Remarked,
    Reminded,
    Resumed,
    Skipped,
    Spoke,
    Undone,
    WantedPerson,
    Weighed,
    Withdrawn,
    Wordless,
)
from dialogs.interview.model import OPEN, STARTED, UNANSWERED, Interview, InterviewState, InterviewTerms
from dialogs.machine import Machine, row

__all__ = ["INTERVIEW"]

_ASKING = (InterviewState.INVITED, InterviewState.RATING)

INTERVIEW: Machine[Interview, InterviewTerms] = Machine(
    "interview",
    InterviewState.INVITED,
    (
        *(
            entry
            for asking in _ASKING
            for entry in (
                row(asking, Rated, InterviewState.REMARKING, do.record_and_ask_why, when.wants_a_remark),
                row(asking, Rated, InterviewState.WEIGHING, weigh.record_and_ask_importance, when.wants_importance),
                row(asking, Rated, InterviewState.RATING, do.record_and_ask_next, when.more_to_rate),
                row(asking, Rated, InterviewState.COMMENTING, do.record_and_ask_comment, when.the_last_one),
                row(asking, RatedAll, InterviewState.COMMENTING, do.record_all_and_ask_comment, when.fits_what_is_left),
                row(asking, Skipped, InterviewState.RATING, do.skip_and_ask_next, when.this_step_and_more),
                row(asking, Skipped, InterviewState.COMMENTING, do.skip_and_ask_comment, when.this_step_the_last),
            )
        ),
        row(InterviewState.RATING, Rated, InterviewState.RATING, do.record, when.a_correction),
        row(InterviewState.RATING, Rated, InterviewState.RATING, do.change_nothing, when.a_repeat),
        row(InterviewState.RATING, Back, InterviewState.RATING, do.ask_the_one_before, when.not_the_first),
        row(
            InterviewState.REMARKING,
            Remarked,
            InterviewState.WEIGHING,
            weigh.keep_remark_and_ask_importance,
            when.importance_after_this,
        ),
        row(
            InterviewState.REMARKING, Remarked, InterviewState.RATING, do.keep_remark_and_ask_next, when.more_after_this
        ),
        row(
            InterviewState.REMARKING,
            Remarked,
            InterviewState.COMMENTING,
            do.keep_remark_and_ask_comment,
            when.nothing_after_this,
        ),
        row(
            InterviewState.REMARKING,
            ReasonGiven,
            InterviewState.WEIGHING,
            weigh.keep_reason_and_ask_importance,
            when.a_reason_and_importance,
        ),
        row(
            InterviewState.REMARKING,
            ReasonGiven,
            InterviewState.RATING,
            do.keep_reason_and_ask_next,
            when.a_reason_and_more,
        ),
        row(
            InterviewState.REMARKING,
            ReasonGiven,
            InterviewState.COMMENTING,
            do.keep_reason_and_ask_comment,
            when.a_reason_the_last,
        ),
        row(
            InterviewState.REMARKING,
            Skipped,
            InterviewState.WEIGHING,
            weigh.skip_and_ask_importance,
            when.this_step_and_importance,
        ),
        row(InterviewState.REMARKING, Skipped, InterviewState.RATING, do.skip_and_ask_next, when.this_step_and_more),
        row(
            InterviewState.REMARKING,
            Skipped,
            InterviewState.COMMENTING,
            do.skip_and_ask_comment,
            when.this_step_the_last,
        ),
        row(InterviewState.REMARKING, Back, InterviewState.RATING, do.keep_words_and_ask_it_again, when.this_step),
        row(InterviewState.REMARKING, Rated, InterviewState.REMARKING, do.record, when.a_correction),
        row(InterviewState.REMARKING, Rated, InterviewState.REMARKING, do.change_nothing, when.a_repeat),
        *(
            row(InterviewState.WEIGHING, event, state, action, fits)
            for event, state, action, fits in (
                (Weighed, InterviewState.RATING, weigh.weigh_and_ask_next, when.the_importance_asked_and_more),
                (Weighed, InterviewState.COMMENTING, weigh.weigh_and_ask_comment, when.the_importance_asked_the_last),
                (Skipped, InterviewState.RATING, weigh.pass_over_and_ask_next, when.this_step_and_more),
                (Skipped, InterviewState.COMMENTING, weigh.pass_over_and_ask_comment, when.this_step_the_last),
                (ImportanceDeclined, InterviewState.RATING, weigh.decline_and_ask_next, when.this_step_and_more),
                (ImportanceDeclined, InterviewState.COMMENTING, weigh.decline_and_ask_comment, when.this_step_the_last),
                (Back, InterviewState.RATING, do.ask_it_again, when.this_step),
                (Rated, InterviewState.REMARKING, do.record_and_ask_why, when.wants_a_remark),
                (Rated, InterviewState.RATING, do.record_and_ask_next, when.more_to_rate),
                (Rated, InterviewState.COMMENTING, do.record_and_ask_comment, when.the_last_one),
                (Rated, InterviewState.WEIGHING, do.record, when.a_correction),
                (Rated, InterviewState.WEIGHING, do.change_nothing, when.a_repeat),
            )
        ),
        *(
            entry
            for state in STARTED
            for entry in (
                row(state, Weighed, state, weigh.correct_importance, when.another_importance),
                row(state, Weighed, state, do.change_nothing, when.the_same_importance),
            )
        ),
        *(
            row(InterviewState.COMMENTING, event, state, action, fits)
            for event, state, action, fits in (
                (Commented, InterviewState.COMPLETED, do.keep_comment_and_thank, doubt.a_comment_to_thank_for),
                (
                    Commented,
                    InterviewState.CLARIFYING,
                    clarify.keep_comment_and_ask_which,
                    doubt.a_comment_against_the_ratings,
                ),
                (Skipped, InterviewState.COMPLETED, do.thank, doubt.this_step_to_thank_for),
                (Skipped, InterviewState.CLARIFYING, clarify.skip_and_ask_which, doubt.this_step_against_the_ratings),
            )
        ),
        row(InterviewState.COMMENTING, Back, InterviewState.RATING, do.keep_words_and_ask_it_again, when.this_step),
        row(InterviewState.COMMENTING, Undone, InterviewState.RATING, do.restore, when.can_be_undone),
        row(InterviewState.COMMENTING, Rated, InterviewState.COMMENTING, do.record, when.a_correction),
        row(InterviewState.COMMENTING, Rated, InterviewState.COMMENTING, do.change_nothing, when.a_repeat),
        *(
            row(InterviewState.CLARIFYING, event, state, action, fits)
            for event, state, action, fits in (
                (Clarified, InterviewState.COMPLETED, clarify.clarify_and_thank, doubt.fits_the_scale),
                (Skipped, InterviewState.COMPLETED, clarify.complete_as_rated, when.this_step),
                (Back, InterviewState.COMMENTING, clarify.ask_comment_again, when.this_step),
                (Rated, InterviewState.COMPLETED, clarify.record_and_thank, doubt.a_correction_that_clarifies),
                (Rated, InterviewState.CLARIFYING, clarify.record_in_doubt, doubt.a_correction_that_leaves_doubts),
                (Rated, InterviewState.CLARIFYING, do.change_nothing, when.a_repeat),
                (Edited, InterviewState.COMPLETED, clarify.reword_and_thank, doubt.an_edit_that_clarifies),
                (Edited, InterviewState.CLARIFYING, clarify.reword_in_doubt, doubt.an_edit_that_leaves_doubts),
            )
        ),
        *(
            row(InterviewState.CLARIFYING, event, InterviewState.COMPLETED, clarify.complete_as_rated)
            for event in (Ended, Declined, Withdrawn, Lapsed)
        ),
        row(InterviewState.COMPLETED, Rated, InterviewState.COMPLETED, do.record, when.a_late_correction),
        row(
            InterviewState.COMPLETED,
            Weighed,
            InterviewState.COMPLETED,
            weigh.correct_importance,
            when.another_importance,
        ),
        *(
            row(state, Edited, state, do.reword, when.knows_the_message)
            for state in (*UNANSWERED, InterviewState.COMPLETED)
        ),
        *(
            row(state, LateWords, state, do.keep_late_words, when.in_time)
            for state in (
                *STARTED,
                InterviewState.COMPLETED,
            )
        ),
        *(
            entry
            for asking in OPEN
            for entry in (
                row(asking, Wordless, asking, do.ask_for_words),
                row(asking, NotUnderstood, asking, do.give_an_example, when.first_time),
                row(asking, NotUnderstood, asking, do.hand_over, when.second_time),
                row(asking, NotUnderstood, asking, do.pass_it_on, when.once_more),
                row(asking, Narrated, asking, do.hand_over_story),
                row(asking, Complained, asking, do.hand_over_complaint),
                row(asking, WantedPerson, asking, do.ask_for_a_person),
                row(asking, Spoke, asking, do.answer_them),
                row(asking, Noted, asking, do.keep),
            )
        ),
        *(row(asking, Ended, InterviewState.EXPIRED, do.end_politely) for asking in UNANSWERED),
        row(InterviewState.INVITED, NeverShown, InterviewState.WITHDRAWN, do.take_back),
        *(row(state, Resumed, state, do.show_again) for state in OPEN),
        row(InterviewState.INVITED, Reminded, InterviewState.INVITED, do.remind, when.not_reminded),
        *(
            entry
            for state in UNANSWERED
            for entry in (
                row(state, Declined, InterviewState.DECLINED, do.take_leave),
                row(state, Withdrawn, InterviewState.WITHDRAWN, do.take_leave),
                row(state, Lapsed, InterviewState.EXPIRED, do.take_leave),
            )
        ),
    ),
)
