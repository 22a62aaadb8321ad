from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest

from dialogs.campaign.machine import CAMPAIGN
from dialogs.exclusion.machine import EXCLUSION
from dialogs.improvement.machine import FINDING
from dialogs.interview import events as ev
from dialogs.interview.machine import INTERVIEW
from dialogs.interview.model import Answer, Interview, InterviewState, InterviewTerms
from dialogs.invitation.machine import INVITATION
from dialogs.issue.machine import ISSUE
from dialogs.machine import Machine, row
from dialogs.outbox.machine import OUTBOX
from scoring.values import Value, replace
from tests.dialogs.samples import FIVE_POINT, NOW, asked, rated

_MACHINES = (INTERVIEW, EXCLUSION, FINDING, ISSUE, INVITATION, CAMPAIGN, OUTBOX)
_TABLES: Mapping[str, Machine[Any, Any]] = {machine.name: machine for machine in _MACHINES}
_TALK = InterviewTerms(FIVE_POINT, NOW)


class _Light(StrEnum):
    OFF = "off"
    ON = "on"


class _Lamp(Value):
    state: _Light = _Light.OFF
    uses: int = 0


class _Pressed:
    """A press of the switch."""


def _count(lamp: _Lamp, _event: object, _context: object) -> tuple[_Lamp, tuple[object, ...]]:
    return replace(lamp, uses=lamp.uses + 1), ("click",)


def _has_power(_lamp: _Lamp, _event: object, context: object) -> bool:
    return context == "power"


_LAMP: Machine[_Lamp, str] = Machine("lamp", _Light.OFF, (row(_Light.OFF, _Pressed, _Light.ON, _count, _has_power),))


def test_a_fitting_row_moves_the_thing_and_tells_the_world() -> None:
    step = _LAMP.step(_Lamp(), _Pressed(), "power")
    assert step is not None
    assert step.thing == _Lamp(_Light.ON, 1)
    assert step.effects == ("click",)


def test_where_no_row_fits_nothing_happens() -> None:
    assert _LAMP.step(_Lamp(), _Pressed(), "no power") is None
    assert _LAMP.step(_Lamp(_Light.ON), _Pressed(), "power") is None
    assert _LAMP.step(_Lamp(), object(), "power") is None


def test_a_row_reads_like_uml() -> None:
    assert _LAMP.rows[0].label == "_Pressed [has power] / count"


@pytest.mark.parametrize("name", _TABLES)
def test_every_arrow_of_a_drawing_has_a_label_of_its_own(name: str) -> None:
    arrows = [(r.source, r.target, r.label) for r in _TABLES[name].rows]
    assert len(set(arrows)) == len(arrows)
    assert not any("lambda" in label for _, _, label in arrows)


@pytest.mark.parametrize("name", _TABLES)
def test_every_state_of_a_table_can_be_reached(name: str) -> None:
    machine = _TABLES[name]
    assert {machine.initial, *(r.target for r in machine.rows)} == set(type(machine.initial))


@pytest.mark.parametrize("name", _TABLES)
def test_two_rows_for_the_same_event_are_told_apart_by_guards(name: str) -> None:
    for r in _TABLES[name].rows:
        rivals = [o for o in _TABLES[name].rows if o is not r and (o.source, o.event) == (r.source, r.event)]
        assert not rivals or r.guard is not None, r


def _after(interview: Interview, *events: object, talk: InterviewTerms = _TALK) -> Interview:
    for event in events:
        step = INTERVIEW.step(interview, event, talk)
        assert step is not None, event
        interview = step.thing
    return interview


def test_a_conversation_goes_question_by_question_to_the_thanks() -> None:
    done = _after(asked(), ev.Rated("speed", 4), ev.Rated("care", 5), ev.Commented("谢谢", "9"))
    assert done.state is InterviewState.COMPLETED
    assert done.ratings == {"speed": 4, "care": 5}
    assert (done.comment, done.completed_at) == ("谢谢", NOW)


def test_a_low_rating_is_asked_why_and_the_remark_belongs_to_it() -> None:
    asked_why = _after(asked(), ev.Rated("speed", 2))
    assert asked_why.state is InterviewState.REMARKING
    assert _after(asked_why, ev.Remarked("慢", "7")).answer("speed") == Answer("speed", 2, NOW, "慢", "7")


def test_a_tap_on_an_old_keyboard_corrects_and_keeps_the_remark() -> None:
    remarked = _after(asked(), ev.Rated("speed", 2), ev.Remarked("慢", "7"))
    corrected = _after(remarked, ev.Rated("speed", 5))
    assert corrected.answer("speed") == Answer("speed", 5, NOW, "慢", "7")
    assert corrected.at == "care"


def test_going_back_and_skipping_twice_is_the_same_as_skipping_once() -> None:
    once = _after(asked(), ev.Skipped("speed"))
    twice = _after(once, ev.Back("care"), ev.Skipped("speed"))
    assert twice == once


def test_a_skipped_question_can_still_be_answered() -> None:
    late = _after(asked(), ev.Skipped("speed"), ev.Rated("speed", 3))
    assert late.ratings == {"speed": 3}
    assert late.skipped == ()


def test_the_first_text_not_understood_gives_an_example_and_the_second_goes_to_a_person() -> None:
    first = INTERVIEW.step(asked(), ev.NotUnderstood("啊？"), _TALK)
    assert first is not None
    assert first.effects == (ev.Shown(ev.Hint.EXAMPLE),)
    second = INTERVIEW.step(first.thing, ev.NotUnderstood("坏了！"), _TALK)
    assert second is not None
    handed = ev.HandedOver("坏了！", ev.HandoverReason.NOT_UNDERSTOOD)
    assert second.effects == (handed, ev.Shown(ev.Hint.PASSED_ON))
    assert second.thing.state is InterviewState.INVITED


def test_an_edited_message_rewords_the_remark_or_the_comment_it_was() -> None:
    done = _after(asked(), ev.Rated("speed", 2), ev.Remarked("慢", "7"), ev.Rated("care", 5), ev.Commented("好", "8"))
    reworded = _after(done, ev.Edited("太慢", "7"), ev.Edited("很好", "8"))
    assert reworded.texts == ("太慢", "很好")
    assert INTERVIEW.step(done, ev.Edited("x", "99"), _TALK) is None


def test_a_completed_interview_is_corrected_until_it_expires() -> None:
    done = rated(InterviewState.COMPLETED, {"speed": 4, "care": 5})
    assert _after(done, ev.Rated("care", 1)).ratings == {"speed": 4, "care": 1}
    late = InterviewTerms(FIVE_POINT, done.expires_at + timedelta(seconds=1))
    assert INTERVIEW.step(done, ev.Rated("care", 1), late) is None


def test_words_beside_ratings_of_all_questions_are_kept_and_stay_when_it_is_undone() -> None:
    rated = _after(asked(), ev.RatedAll((5,), "都挺好", "7"))
    assert (rated.ratings, rated.comment) == ({"speed": 5, "care": 5}, "都挺好")
    assert _after(rated, ev.Undone()).comment == "都挺好"
    assert _after(rated, ev.Commented("下次还来", "8")).comment == "都挺好\n下次还来"
