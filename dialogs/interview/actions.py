"""What a row of the interview's table does; each name is what the drawing writes on the arrow."""

from collections.abc import Iterator

from dialogs.interview.events import (
    Back,
    Clarified,
    Commented,
    Complained,
    Edited,
    Ended,
    HandedOver,
    HandoverReason,
    Hint,
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
    Shown,
    Skipped,
    Spoke,
    Undone,
    WantedPerson,
    Weighed,
    Wordless,
)
from dialogs.interview.model import (
    REMARK,
    Answer,
    Interview,
    InterviewState,
    InterviewTerms,
    KeptWords,
    Undo,
    asked_after,
    left_from,
    reasons_at,
)
from scoring.values import replace

__all__ = [
    "answer_them",
    "ask_comment",
    "ask_for_a_person",
    "ask_for_words",
    "ask_it_again",
    "ask_next",
    "ask_the_one_before",
    "change_nothing",
    "end_politely",
    "give_an_example",
    "hand_over",
    "hand_over_complaint",
    "hand_over_story",
    "keep",
    "keep_comment_and_thank",
    "keep_late_words",
    "keep_reason_and_ask_comment",
    "keep_reason_and_ask_next",
    "keep_remark_and_ask_comment",
    "keep_remark_and_ask_next",
    "keep_words_and_ask_it_again",
    "pass_it_on",
    "record",
    "record_all_and_ask_comment",
    "record_and_ask_comment",
    "record_and_ask_next",
    "record_and_ask_why",
    "recorded",
    "remind",
    "restore",
    "reword",
    "saying",
    "show_again",
    "skip_and_ask_comment",
    "skip_and_ask_next",
    "take_back",
    "take_leave",
    "thank",
]

Moved = tuple[Interview, tuple[object, ...]]

_KEPT = 200
"""Words without an answer that an interview keeps, the latest; an issue's timeline has those handed over, too."""


def record_and_ask_next(interview: Interview, event: Rated, terms: InterviewTerms) -> Moved:
    return ask_next(recorded(interview, event, terms), event, terms)


def record_and_ask_comment(interview: Interview, event: Rated, terms: InterviewTerms) -> Moved:
    return ask_comment(recorded(interview, event, terms), event, terms)


def record_and_ask_why(interview: Interview, event: Rated, terms: InterviewTerms) -> Moved:
    rated = recorded(interview, event, terms)
    return replace(rated, remarks_asked=(*rated.remarks_asked, event.question)), (Shown(),)


def record_all_and_ask_comment(interview: Interview, event: RatedAll, terms: InterviewTerms) -> Moved:
    left = left_from(interview, terms.survey)
    values = event.values * len(left) if len(event.values) == 1 else event.values
    rated = interview
    for question, value in zip(left, values, strict=True):
        rated = recorded(rated, Rated(question, value), terms)
    undo = Undo(interview.at, interview.answers, interview.skipped, event.source)
    moved = replace(rated, at=left[-1], undo=(undo,))
    if event.remark:
        moved = _commented(moved, Commented(event.remark, event.source))
    return ask_comment(moved, event, terms)


def restore(interview: Interview, _event: Undone, terms: InterviewTerms) -> Moved:
    (undo,) = interview.undo
    rated = {answer.question for answer in undo.answers}
    assessed = tuple(one for one in interview.assessed if one.kind.is_written or one.of in rated)
    before = replace(interview, at=undo.at, answers=undo.answers, skipped=undo.skipped, undo=(), misses=0)
    before = replace(before, assessed=assessed)
    for answer in interview.answers:  # what was written meanwhile stays
        if answer.text and answer.text not in before.texts:
            for text, source in _messages(answer):
                before = _with_words(before, KeptWords(text, terms.now, source))
    return before, (Shown(),)


def record(interview: Interview, event: Rated, terms: InterviewTerms) -> Moved:
    return recorded(interview, event, terms), (Shown(),)


def change_nothing(interview: Interview, _event: object, _terms: InterviewTerms) -> Moved:
    return interview, ()


def keep_remark_and_ask_next(interview: Interview, event: Remarked, terms: InterviewTerms) -> Moved:
    moved, shown = ask_next(_remarked(interview, event), event, terms)
    return moved, (*_complaint(event), *shown)


def keep_remark_and_ask_comment(interview: Interview, event: Remarked, terms: InterviewTerms) -> Moved:
    moved, shown = ask_comment(_remarked(interview, event), event, terms)
    return moved, (*_complaint(event), *shown)


def keep_reason_and_ask_next(interview: Interview, event: ReasonGiven, terms: InterviewTerms) -> Moved:
    return ask_next(_reasoned(interview, event, terms), event, terms)


def keep_reason_and_ask_comment(interview: Interview, event: ReasonGiven, terms: InterviewTerms) -> Moved:
    return ask_comment(_reasoned(interview, event, terms), event, terms)


def keep_comment_and_thank(interview: Interview, event: Commented, terms: InterviewTerms) -> Moved:
    done, shown = thank(_commented(interview, event), event, terms)
    return done, (*_complaint(event), *shown)


def keep_late_words(interview: Interview, event: LateWords, terms: InterviewTerms) -> Moved:
    question = event.step.removeprefix(REMARK)
    answer = interview.answer(question)
    source = interview.comment_source if answer is None else answer.source
    if source:  # behind words that may be edited in the chat, they would be taken for part of these
        return _with_words(interview, KeptWords(event.text, terms.now)), ()
    if answer is None:
        return replace(interview, comment=_joined(interview.comment, event.text)), ()
    answers = (replace(a, text=_joined(a.text, event.text)) if a.question == question else a for a in interview.answers)
    return replace(interview, answers=tuple(answers)), ()


def keep_words_and_ask_it_again(interview: Interview, event: Back, terms: InterviewTerms) -> Moved:
    if event.text and interview.state is InterviewState.COMMENTING:
        interview = _commented(interview, Commented(event.text))
    elif event.text:
        interview = _remarked(interview, Remarked(event.text))
    return ask_it_again(interview, event, terms)


def reword(interview: Interview, event: Edited, terms: InterviewTerms) -> Moved:
    answers = tuple(_reread(a, event, terms) if a.source == event.source else a for a in interview.answers)
    said = (replace(words, text=event.text) if words.source == event.source else words for words in interview.said)
    moved = replace(interview, answers=answers, said=tuple(said))
    if interview.comment_source == event.source:
        moved = replace(moved, comment=_reworded(interview.comment, interview.comment_begins, event))
    shown = (Shown(),) if moved.ratings != interview.ratings else ()
    return moved, (*_complaint(event), *shown)


def skip_and_ask_next(interview: Interview, event: Skipped, terms: InterviewTerms) -> Moved:
    return ask_next(_passed(interview, event, terms), event, terms)


def skip_and_ask_comment(interview: Interview, event: Skipped, terms: InterviewTerms) -> Moved:
    return ask_comment(_passed(interview, event, terms), event, terms)


def ask_next(interview: Interview, _event: object, terms: InterviewTerms) -> Moved:
    following = asked_after(interview, terms.survey, interview.at) or interview.at
    return replace(interview, at=following, misses=0), (Shown(),)


def ask_comment(interview: Interview, _event: object, _terms: InterviewTerms) -> Moved:
    return replace(interview, misses=0), (Shown(),)


def ask_the_one_before(interview: Interview, _event: Back, terms: InterviewTerms) -> Moved:
    before = terms.survey.questions[terms.survey.place(interview.at) - 1]
    return replace(interview, at=before.id, misses=0), (Shown(),)


def ask_it_again(interview: Interview, _event: object, _terms: InterviewTerms) -> Moved:
    return replace(interview, misses=0, undo=()), (Shown(),)


def give_an_example(interview: Interview, event: NotUnderstood, terms: InterviewTerms) -> Moved:
    return replace(saying(interview, event, terms), misses=1), (Shown(event.hint),)


def ask_for_words(interview: Interview, _event: Wordless, _terms: InterviewTerms) -> Moved:
    return interview, (Shown(Hint.WORDLESS),)


def hand_over(interview: Interview, event: NotUnderstood, terms: InterviewTerms) -> Moved:
    handed = HandedOver(event.text, HandoverReason.NOT_UNDERSTOOD)
    return replace(saying(interview, event, terms), misses=2), (handed, Shown(Hint.PASSED_ON))


def pass_it_on(interview: Interview, event: NotUnderstood, terms: InterviewTerms) -> Moved:
    return saying(interview, event, terms), (HandedOver(event.text, HandoverReason.NOT_UNDERSTOOD),)


def hand_over_complaint(interview: Interview, event: Complained, terms: InterviewTerms) -> Moved:
    handed = HandedOver(event.text, HandoverReason.COMPLAINT)
    return replace(saying(interview, event, terms), remind_at=None), (handed,)


def hand_over_story(interview: Interview, event: Narrated, terms: InterviewTerms) -> Moved:
    handed = HandedOver(event.text, HandoverReason.NOT_UNDERSTOOD)
    hint = Hint.SAD_STORY if event.is_unhappy else Hint.STORY
    return replace(saying(interview, event, terms), remind_at=None), (handed, Shown(hint))


def ask_for_a_person(interview: Interview, event: WantedPerson, terms: InterviewTerms) -> Moved:
    handed = HandedOver(event.text, HandoverReason.PERSON_WANTED)
    return replace(saying(interview, event, terms), remind_at=None), (handed, Shown(Hint.PERSON))


def answer_them(interview: Interview, event: Spoke, terms: InterviewTerms) -> Moved:
    return saying(interview, event, terms), (Shown(event.hint),)


def keep(interview: Interview, event: Noted, terms: InterviewTerms) -> Moved:
    return saying(interview, event, terms), ()


def end_politely(interview: Interview, event: Ended, terms: InterviewTerms) -> Moved:
    return _ended(saying(interview, event, terms)), (Shown(Hint.ENDED),)


def remind(interview: Interview, _event: Reminded, terms: InterviewTerms) -> Moved:
    return replace(interview, remind_at=None, reminded_at=terms.now), (Shown(Hint.REMINDER, afresh=True),)


def show_again(interview: Interview, _event: Resumed, _terms: InterviewTerms) -> Moved:
    return interview, (Shown(afresh=True),)


def thank(interview: Interview, _event: object, terms: InterviewTerms) -> Moved:
    return _ended(replace(interview, completed_at=terms.now)), (Shown(),)


def take_back(interview: Interview, _event: NeverShown, _terms: InterviewTerms) -> Moved:
    return replace(interview, message="", shown="", above=None, doubted=""), ()


def take_leave(interview: Interview, _event: object, _terms: InterviewTerms) -> Moved:
    return _ended(interview), (Shown(),)


_FOR_NOBODY = (Hint.WHO, Hint.THANKED, Hint.SMALL_TALK, Hint.NUMBER)
"""Answers to words that nobody of the team has to read."""


def _complaint(event: Remarked | Commented | Edited) -> tuple[HandedOver, ...]:
    return (HandedOver(event.text, HandoverReason.COMPLAINT),) if event.complains else ()


def saying(
    interview: Interview,
    event: NotUnderstood | Narrated | Complained | WantedPerson | Spoke | Noted | Ended | Skipped | Weighed | Clarified,
    terms: InterviewTerms,
) -> Interview:
    is_wish = isinstance(event, Noted | Ended | Skipped) or (
        isinstance(event, Spoke) and (event.is_wish or event.hint in _FOR_NOBODY)
    )
    if not event.text:
        return interview
    return _with_words(interview, KeptWords(event.text, terms.now, event.source, is_wish))


def _with_words(interview: Interview, words: KeptWords) -> Interview:
    return replace(interview, said=(*interview.said, words)[-_KEPT:])


def recorded(interview: Interview, event: Rated, terms: InterviewTerms) -> Interview:
    before = interview.answer(event.question)
    answer = Answer(event.question, event.value, terms.now)
    if before is not None:
        answer = replace(before, value=event.value, at=terms.now)
    if event.importance is not None:
        answer = replace(answer, importance=event.importance)
    if event.remark:
        text = _joined(answer.text, event.remark)
        answer = replace(answer, text=text, source=event.source, begins=_begins(text, event.remark))
    elif event.source and not answer.text:
        answer = replace(answer, source=event.source)  # an edit of the bare number corrects it
    others = tuple(a for a in interview.answers if a.question != event.question)
    in_order = tuple(sorted((*others, answer), key=lambda a: terms.survey.place(a.question)))
    skipped = tuple(question for question in interview.skipped if question != event.question)
    return replace(interview, answers=in_order, skipped=skipped, misses=0, remind_at=None, undo=())


def _remarked(interview: Interview, event: Remarked) -> Interview:
    answers = tuple(
        replace(a, text=text, source=event.source, begins=_begins(text, event.text))
        if a.question == interview.at
        else a
        for a in interview.answers
        for text in (_written(a.text, event),)
    )
    return replace(interview, answers=answers)


def _reasoned(interview: Interview, event: ReasonGiven, terms: InterviewTerms) -> Interview:
    """Keep the words of a tapped reason as the remark, with those that were written before or beside it."""
    reason, answer = reasons_at(interview, terms.survey)[event.number - 1], interview.answer(interview.at)
    written = event.text or (answer.text if answer is not None else None)
    return _remarked(interview, Remarked(_joined(written, reason)))


def _commented(interview: Interview, event: Commented) -> Interview:
    text = _written(interview.comment, event)
    return replace(interview, comment=text, comment_source=event.source, comment_begins=_begins(text, event.text))


def _written(before: str | None, event: Remarked | Commented) -> str | None:
    """Return the words of a step: a message adds to what is kept, the page's field replaces it, as it shows it."""
    return _joined(before, event.text) if event.source else event.text or None


def _begins(text: str | None, last: str) -> int:
    """Return where the last message's words begin in the text of its step; its end, where they repeat what was said."""
    text = text or ""
    begins = len(text) - len(last)
    is_apart = begins == 0 or text[begins - 1 : begins] == "\n"
    return begins if is_apart and text.endswith(last) else len(text)


def _messages(answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield what earlier messages said to an answer, and what the last one did, each with its id."""
    text = answer.text or ""
    earlier = text[: answer.begins].rstrip("\n")
    if earlier:
        yield earlier, ""
    yield text[answer.begins :], answer.source


def _reread(answer: Answer, event: Edited, terms: InterviewTerms) -> Answer:
    reworded = replace(answer, text=_reworded(answer.text, answer.begins, event))
    if event.value in (None, answer.value):
        return reworded
    return replace(reworded, value=event.value, at=terms.now)


def _reworded(before: str | None, begins: int, event: Edited) -> str | None:
    """Return a text whose last message, which `begins` there, reads differently now; what earlier ones said stays."""
    earlier = (before or "")[:begins].rstrip("\n")
    return "\n".join(part for part in (earlier, event.text) if part) or None


def _joined(before: str | None, text: str) -> str:
    return f"{before}\n{text}" if before and text not in before else before or text


def _passed(interview: Interview, event: Skipped, terms: InterviewTerms) -> Interview:
    interview = saying(interview, event, terms)
    if interview.state is InterviewState.REMARKING or interview.at in {*interview.ratings, *interview.skipped}:
        return interview
    return replace(interview, skipped=(*interview.skipped, interview.at), remind_at=None)


def _ended(interview: Interview) -> Interview:
    return replace(interview, remind_at=None, undo=())
