"""The laws of a conversation, held against every interview that a small survey can reach."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from dialogs.interview import events as ev
from dialogs.interview.machine import INTERVIEW
from dialogs.interview.message_text import Greeting
from dialogs.interview.messages import show
from dialogs.interview.model import (
    FINAL,
    OPEN,
    Interview,
    InterviewState,
    InterviewTerms,
    KeptWords,
    asked_after,
    step_of,
)
from dialogs.machine import Machine, Transition
from dialogs.messages import Tap, Verb
from dialogs.survey import Question, RemarkRule, Survey
from scoring.scale import Scale
from scoring.values import replace
from tests.dialogs.exploring import ALL, Walk, explore
from tests.dialogs.samples import PHRASES

__all__ = ["EARLY", "EVENTS", "LATE", "LAWS", "ONE_QUESTION", "START", "SURVEY"]
__all__ += ["Visit", "broken_laws", "walk_of", "whole_walk", "without_instants", "words_lost"]

Visit = Walk[Interview, InterviewTerms]

EARLY = datetime(2026, 11, 22, 3, tzinfo=UTC)
LATE = EARLY + timedelta(days=9)
REASONS = {"zh-Hans": ("slow",)}
QUESTIONS = (
    Question("q1", {"zh-Hans": "速度"}, {}, reasons=REASONS),
    Question("q2", {"zh-Hans": "态度"}, {}, reasons=REASONS),
)
SCALE = Scale(1, 2, {"zh-Hans": {1: "差", 2: "好"}})
_WORDS = tuple(kind(step, "late") for kind in (ev.LateWords, ev.Back) for step in ("remark:q1", "comment"))
"""What only the page can send; tried on one question, since words multiply the interviews that can be reached."""
_REASONS = (ev.RatedAll((2,), "because", "m4"), ev.Edited("slow", "m4"))
"""A reason beside one rating for all; tried apart from the words of the page."""
SURVEY = Survey("small", 1, {"zh-Hans": "小问卷"}, SCALE, QUESTIONS, RemarkRule(at_or_below=1, at_most=1))
ONE_QUESTION = replace(SURVEY, questions=QUESTIONS[:1])
START = Interview(
    id="int_a",
    invitation="inv_a",
    customer="c-1",
    channel="telegram",
    chat="1",
    survey=SURVEY.key,
    locale="zh-Hans",
    asked_at=EARLY,
    expires_at=EARLY + timedelta(days=3),
    at="q1",
    remind_at=EARLY + timedelta(hours=12),
    said=(KeptWords("slow", EARLY, "m3"),),
)
_ENDS = {
    ev.Lapsed(): InterviewState.EXPIRED,
    ev.Declined(): InterviewState.DECLINED,
    ev.Withdrawn(): InterviewState.WITHDRAWN,
}
_ANYWHERE = ("q1", "q2", "remark:q1", "remark:q2", "comment", "")
_CHANGES = (
    *(ev.Rated(question, value) for question in ("q1", "q2") for value in (0, 1, 2, 3)),
    ev.Rated("unknown", 1),
    *(ev.Edited("slow", source) for source in ("m1", "m2", "m3", "unknown", "")),
)
_NO_ANSWERS = (ev.NotUnderstood, ev.Narrated, ev.Complained, ev.WantedPerson, ev.Spoke, ev.Noted, ev.Ended)
EVENTS = (
    *_CHANGES,
    *(kind(step) for kind in (ev.Skipped, ev.Back) for step in _ANYWHERE),
    ev.Rated("q1", 1, "slow", "m1"),
    *(ev.RatedAll(values) for values in ((2,), (3,), (1, 2), (2, 2, 2))),
    ev.Undone(),
    ev.Remarked("slow", "m1"),
    *(ev.ReasonGiven(f"remark:{question}", number) for question in ("q1", "q2") for number in (0, 1, 2)),
    ev.Commented("slow", "m2"),
    *(kind("slow", source, complains=True) for kind, source in ((ev.Remarked, "m1"), (ev.Commented, "m2"))),
    ev.Edited("slow", "m1", complains=True),
    ev.Wordless(),
    ev.NotUnderstood("slow", "m3"),
    *(kind("slow", "m3") for kind in (ev.Narrated, ev.Complained, ev.WantedPerson, ev.Spoke, ev.Noted, ev.Ended)),
    ev.NeverShown(),
    ev.Reminded(),
    ev.Resumed(),
    *_ENDS,
)


def walk_of(
    machine: Machine[Interview, InterviewTerms] = INTERVIEW,
    survey: Survey = SURVEY,
    words: tuple[object, ...] = (),
    limit: int = ALL,
) -> Visit:
    """Visit every interview that the machine can reach; what depends on the hour is tried late as well."""
    in_time, too_late = InterviewTerms(survey, EARLY), InterviewTerms(survey, LATE)
    words = words or (_WORDS if survey is ONE_QUESTION else ())
    happenings = (
        *((event, in_time) for event in (*EVENTS, *words)),
        *((event, too_late) for event in (*_CHANGES, *words)),
    )
    answered = {(row.source, row.event) for row in machine.rows}
    told = {state: tuple(one for one in happenings if (state, type(one[0])) in answered) for state in InterviewState}
    return explore(machine, START, lambda interview: told[interview.state], without_instants, limit)


@cache
def whole_walk() -> Visit:
    """Visit every interview of the real table, once per run."""
    return walk_of()


def without_instants(step: Transition[Interview]) -> Interview:
    """Return what tells a difference: no instants, and of the words that are no answer only those of the start.

    Of words that were said twice, or in another order, it tells no more: else there is no end of interviews.
    """
    thing = _with_each_line_once(replace(step.thing, said=START.said))
    if all(at in (None, EARLY) for at in _instants(thing)):
        return thing
    answers = tuple(replace(answer, at=EARLY) for answer in thing.answers)
    undo = tuple(replace(one, answers=tuple(replace(a, at=EARLY) for a in one.answers)) for one in thing.undo)
    return replace(thing, answers=answers, undo=undo, completed_at=thing.completed_at and EARLY)


def _with_each_line_once(thing: Interview) -> Interview:
    if not any("\n" in text for text in thing.texts):
        return thing
    answers = tuple(replace(answer, text=_each_line_once(answer.text)) for answer in thing.answers)
    return replace(thing, answers=answers, comment=_each_line_once(thing.comment))


def _each_line_once(text: str | None) -> str | None:
    return "\n".join(sorted(set(text.splitlines()))) if text else text


def _instants(thing: Interview) -> Iterator[datetime | None]:
    yield thing.completed_at
    yield from (answer.at for answer in thing.answers)
    yield from (answer.at for undo in thing.undo for answer in undo.answers)


def is_finite(walk: Visit) -> Iterator[object]:
    """The walk comes to an end."""
    yield from ["endless"] * walk.endless


def at_most_one_row_fits(walk: Visit) -> Iterator[object]:
    """The table never has two answers."""
    yield from (move for move in walk.all_moves if len(move.rows) > 1)


def leaving_always_ends_it(walk: Visit) -> Iterator[object]:
    """Time running out, an opt-out and a reopened ticket end every open interview, and say which it was."""
    for interview, moves in walk.moves.items():
        ends = {move.event: move.after.state for move in moves if move.event in _ENDS}
        is_through = interview.state is InterviewState.CLARIFYING  # all was asked: whatever ends it completes it
        wanted = dict.fromkeys(_ENDS, InterviewState.COMPLETED) if is_through else _ENDS
        if ends != (wanted if interview.state in OPEN else {}):
            yield interview, ends


def only_an_unanswered_ask_is_taken_back(walk: Visit) -> Iterator[object]:
    """An ask that was never shown is withdrawn with its messages; once something was answered it stays as it is."""
    for interview, moves in walk.moves.items():
        ends = [move.after for move in moves if isinstance(move.event, ev.NeverShown)]
        is_right = all(i.state is InterviewState.WITHDRAWN and not (i.message or i.shown or i.answers) for i in ends)
        if not is_right or bool(ends) != (interview.state is InterviewState.INVITED):
            yield interview, ends


def final_is_final(walk: Visit) -> Iterator[object]:
    """Nothing leaves a final state; only a completed one is corrected, and only until it expires."""
    for move in walk.all_moves:
        corrected = (
            isinstance(move.event, ev.Rated | ev.Weighed | ev.Edited | ev.LateWords)
            and move.context.now < START.expires_at
        )
        kept = move.before.state is move.after.state is InterviewState.COMPLETED
        if move.before.state in FINAL and not (kept and corrected):
            yield move


def only_values_on_the_scale(walk: Visit) -> Iterator[object]:
    """No path leads to a value that the scale does not have."""
    yield from (i for i in walk.moves if any(value not in SCALE for value in i.ratings.values()))


def answers_stand_in_order(walk: Visit) -> Iterator[object]:
    """Each question is there once, in the survey's order, and never both answered and skipped."""
    for interview in walk.moves:
        answered = [answer.question for answer in interview.answers]
        in_order = [question.id for question in QUESTIONS if question.id in interview.ratings]
        skipped = set(interview.skipped)
        if answered != in_order or skipped & set(answered) or len(skipped) != len(interview.skipped):
            yield interview


def step_and_question_agree(walk: Visit) -> Iterator[object]:
    """The state, the question asked and what is answered tell the same story."""
    yield from (interview for interview in walk.moves if not _agrees(interview))


def _agrees(interview: Interview) -> bool:
    match interview.state:
        case InterviewState.INVITED:
            return interview.at == "q1" and not interview.answers and not interview.skipped
        case InterviewState.REMARKING:
            return interview.at in interview.ratings and interview.at in interview.remarks_asked
        case InterviewState.WEIGHING:
            return interview.at in interview.ratings
        case InterviewState.COMMENTING:
            return asked_after(interview, SURVEY, interview.at) is None
        case _:
            return interview.at in ("q1", "q2")


def remarks_are_asked_sparingly(walk: Visit) -> Iterator[object]:
    """The survey's rule says how often "what happened?" is asked."""
    yield from (i for i in walk.moves if len(i.remarks_asked) > SURVEY.remark.at_most)


def a_stale_step_changes_nothing(walk: Visit) -> Iterator[object]:
    """Skip and Back count only for the step at which they were shown."""
    for move in walk.all_moves:
        if isinstance(move.event, ev.Skipped | ev.Back | ev.ImportanceDeclined) and move.event.step != step_of(
            move.before
        ):
            yield move


def no_answer_is_lost(walk: Visit) -> Iterator[object]:
    """What was answered stays answered, but for what one text answered at once: it goes by one tap, as a whole."""
    for move in walk.all_moves:
        gone = move.before.ratings.keys() - move.after.ratings.keys()
        if gone and not (isinstance(move.event, ev.Undone) and move.after.ratings == _undone(move.before)):
            yield move


def _undone(interview: Interview) -> dict[str, int]:
    return {answer.question: answer.value for undo in interview.undo for answer in undo.answers}


def all_at_once_is_undone_as_a_whole(walk: Visit) -> Iterator[object]:
    """Undo brings back the question, the answers and what was skipped, and is offered while it would."""
    for move in walk.all_moves:
        if isinstance(move.event, ev.RatedAll):
            backs = [back.after for back in walk.moves.get(move.after, ()) if isinstance(back.event, ev.Undone)]
            if [_told(back) for back in backs] != [_told(move.before)]:
                yield move


def _told(interview: Interview) -> tuple[object, ...]:
    return interview.at, interview.ratings, interview.skipped


def words_are_kept(walk: Visit) -> Iterator[object]:
    """Words that are no answer are kept as they were typed, after those before them."""
    for move in walk.all_moves:
        if isinstance(move.event, _NO_ANSWERS):
            after, _ = move.rows[0].action(move.before, move.event, move.context)
            if [words.text for words in after.said] != [*(words.text for words in move.before.said), "slow"]:
                yield move


def an_edit_drops_no_text(walk: Visit) -> Iterator[object]:
    """A rewording leaves as many texts as there were, and its own is among them."""
    for move in walk.all_moves:
        if isinstance(move.event, ev.Edited):
            after, _ = move.rows[0].action(move.before, move.event, move.context)
            if len(after.texts) < len(move.before.texts) or "slow" not in _lines(after.texts):
                yield move


def words_lost(machine: Machine[Interview, InterviewTerms], limit: int = ALL) -> list[object]:
    """Return the moves after which words are missing that a row took, or that were there before.

    A rewording replaces words, and so does Back, whose field shows those of before.
    """
    lost: list[object] = []
    walks = (walk_of(machine, ONE_QUESTION, words, limit) for words in (_WORDS, _REASONS))
    for move in (move for walk in walks for move in walk.all_moves):
        said = isinstance(move.event, ev.Remarked | ev.Commented | ev.LateWords | ev.Back) and move.event.text
        said = move.event.remark if isinstance(move.event, ev.Rated | ev.RatedAll) else said
        stays = () if isinstance(move.event, ev.Edited | ev.Back) else move.before.texts
        after, _ = move.rows[0].action(move.before, move.event, move.context)  # with the words that are no answer
        if {*_lines(stays), *([said] if said else ())} - _lines(after.texts):
            lost.append(move)
    return lost


def _lines(texts: tuple[str, ...]) -> set[str]:
    return {line for text in texts for line in text.splitlines()}


def a_complaint_is_handed_over(walk: Visit) -> Iterator[object]:
    """Whoever complains, tells a story or wants a person gets one, and nobody else but who was twice not understood."""
    for move in walk.all_moves:
        is_handed = any(isinstance(effect, ev.HandedOver) for effect in move.effects)
        calls = isinstance(move.event, ev.Narrated | ev.Complained | ev.WantedPerson)
        calls = calls or (isinstance(move.event, ev.Remarked | ev.Commented | ev.Edited) and move.event.complains)
        if is_handed != (calls or (isinstance(move.event, ev.NotUnderstood) and move.before.misses > 0)):
            yield move


def the_same_tap_twice_counts_once(walk: Visit) -> Iterator[object]:
    """A second tap on the same button changes nothing."""
    for move in walk.all_moves:
        if isinstance(move.event, ev.Rated | ev.Weighed | ev.Edited | ev.Skipped | ev.Back | ev.ImportanceDeclined):
            again = (second for second in walk.moves.get(move.after, ()) if second.event == move.event)
            yield from (second for second in again if second.after is not second.before)


def completed_ones_say_when(walk: Visit) -> Iterator[object]:
    """A completed interview has its instant, and no other has one."""
    yield from (i for i in walk.moves if (i.completed_at is not None) != (i.state is InterviewState.COMPLETED))


def open_ones_wake_and_final_ones_rest(walk: Visit) -> Iterator[object]:
    """An open interview is looked at again some time, a final one never."""
    yield from (i for i in walk.moves if (i.wake_at is None) != (i.state in FINAL))


def there_is_one_reminder(walk: Visit) -> Iterator[object]:
    """Only who has not begun is reminded, and once."""
    for move in walk.all_moves:
        if move.event == ev.Reminded() and (move.before.answers or move.after.remind_at):
            yield move


def skipping_leads_to_the_end(walk: Visit) -> Iterator[object]:
    """Whoever presses only Skip is through after every question, every remark, every importance and the comment."""
    for interview in walk.moves:
        current = interview
        for _ in range(3 * len(QUESTIONS) + 1):
            skip = ev.Skipped(step_of(current))
            current = next((move.after for move in walk.moves.get(current, ()) if move.event == skip), current)
        if interview.state in OPEN and current.state is not InterviewState.COMPLETED:
            yield interview


def every_button_leads_somewhere(walk: Visit) -> Iterator[object]:
    """Every button that is shown has an answer in the table, and final messages have no buttons."""
    for interview, moves in walk.moves.items():
        rows = show(interview, SURVEY, PHRASES, Greeting()).rows
        answered = {move.event for move in moves}
        if bool(rows) != (interview.state in OPEN):
            yield interview
        yield from (choice for row in rows for choice in row if _event_of(choice.means) not in answered)


def _event_of(tap: Tap) -> object:
    events = {
        Verb.UNDO: ev.Undone(),
        Verb.RATE: ev.Rated(tap.step, tap.value),
        Verb.WEIGH: ev.Weighed(tap.step, tap.value),
        Verb.NO_IMPORTANCE: ev.ImportanceDeclined(tap.step),
        Verb.CLARIFY: ev.Clarified(is_meant=bool(tap.value)),
        Verb.REASON: ev.ReasonGiven(tap.step, tap.value),
        Verb.SKIP: ev.Skipped(tap.step),
        Verb.BACK: ev.Back(tap.step),
        Verb.STOP: ev.Declined(),
    }
    return events[tap.verb]


LAWS: tuple[Callable[[Visit], Iterator[object]], ...] = (
    is_finite,
    at_most_one_row_fits,
    leaving_always_ends_it,
    only_an_unanswered_ask_is_taken_back,
    final_is_final,
    only_values_on_the_scale,
    answers_stand_in_order,
    step_and_question_agree,
    remarks_are_asked_sparingly,
    a_stale_step_changes_nothing,
    no_answer_is_lost,
    all_at_once_is_undone_as_a_whole,
    words_are_kept,
    an_edit_drops_no_text,
    a_complaint_is_handed_over,
    the_same_tap_twice_counts_once,
    completed_ones_say_when,
    open_ones_wake_and_final_ones_rest,
    there_is_one_reminder,
    skipping_leads_to_the_end,
    every_button_leads_somewhere,
)


def broken_laws(walk: Visit) -> set[str]:
    """Name the laws that something on the walk breaks."""
    return {law.__name__ for law in LAWS if next(law(walk), None) is not None}
