"""What people enter is checked by the metric's kind, stored once, and corrected with a reason only."""

from datetime import timedelta
from typing import Any

import pytest

from bot.handlers.common.results import Conflict, Invalid
from bot.handlers.figure_entries import EntryOutcome, NewEntry, figure_entry_needs, store_entry
from dialogs.time.periods import Period
from scoring.values import replace
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.model.registers import AuditEntry
from tests.support.stage.scene import NOW, scene

NOVEMBER = Period(NOW - timedelta(days=22), NOW + timedelta(days=8), "2026-11")
RETURNS = NewEntry(EnteredKind.FIGURE, "return_rate", NOVEMBER, (("team", "north"),), "李工", "3", "120", origin="ERP")
CSI = NewEntry(EnteredKind.BENCHMARK, "csat", NOVEMBER, (), "李工", "82.5", origin="满意度指数", dated="2026-01-20")
REMARK = NewEntry(EnteredKind.REMARK, "repairs", NOVEMBER, (("category", "漏水"),), "李工", conclusion="密封圈老化")


@pytest.mark.parametrize("new", [RETURNS, CSI, REMARK, replace(RETURNS, metric="orders", denominator="")])
def test_it_is_stored_as_it_was_entered(new: NewEntry) -> None:
    decided = store_entry(scene(), new)
    assert isinstance(decided.answer, EntryOutcome)
    (stored,) = decided.changes.records
    assert isinstance(stored, EnteredFigure)
    assert (decided.answer.entry, decided.answer.created) == (stored, True)
    names = ("kind", "metric", "cut", "by", "numerator", "denominator", "origin", "dated", "conclusion", "measures")
    assert {name: getattr(stored, name) for name in names} == {name: getattr(new, name) for name in names}
    assert (stored.period, stored.since, stored.until, stored.at) == ("2026-11", NOVEMBER.since, NOVEMBER.until, NOW)
    assert figure_entry_needs(new).entered == {stored.id}


@pytest.mark.parametrize(
    ("new", "field", "problem"),
    [
        (replace(RETURNS, metric="luck"), "metric", "is 'luck', which is not in the catalogue"),
        (replace(RETURNS, metric="csat"), "metric", "is counted and not entered"),
        (replace(RETURNS, numerator=""), "numerator", "is missing"),
        (replace(RETURNS, denominator=""), "denominator", "a share is told with what it is a share of"),
        (replace(RETURNS, metric="orders"), "denominator", "belongs to no count"),
        (replace(RETURNS, numerator="121"), "numerator", "is 121, which is no part of 120"),
        (replace(RETURNS, origin=""), "origin", "write where the figure comes from"),
        (replace(RETURNS, cut=(("colour", "red"),)), "cut", "has 'colour'; return_rate can be cut by team, agent"),
        (replace(RETURNS, cut=(("team", "a"), ("area", "b"), ("tier", "c"))), "cut", "has 3 keys; give at most 2"),
        (replace(RETURNS, period=Period(NOW + timedelta(1), NOW + timedelta(2), "x")), "period", "has not begun yet"),
        (replace(CSI, numerator=""), "value", "is missing"),
        (replace(CSI, origin=""), "origin", "a source that others can look up"),
        (replace(CSI, dated=""), "dated", "of which day the source is"),
        (replace(REMARK, conclusion=""), "conclusion", "and so are measures"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(new: NewEntry, field: str, problem: str) -> None:
    refused = store_entry(scene(), new)
    assert refused.changes.records == ()
    assert isinstance(refused.answer, Invalid)
    assert refused.answer.field == field
    assert problem in refused.answer.problem


def stored(**said: Any) -> EnteredFigure:  # noqa: ANN401 (fields of EnteredFigure)
    answer = store_entry(scene(), RETURNS).answer
    assert isinstance(answer, EntryOutcome)
    return replace(answer.entry, version=1, **said)


def test_the_same_again_changes_nothing_whoever_enters_it() -> None:
    context = scene(stored(at=NOW - timedelta(days=1)))
    for again in (RETURNS, replace(RETURNS, by="陈工"), replace(RETURNS, reason="漏数一件")):
        decided = store_entry(context, again)
        assert decided.changes.records == ()
        assert isinstance(decided.answer, EntryOutcome)
        assert not decided.answer.created


def test_another_figure_in_its_place_needs_a_reason_and_leaves_the_first_in_the_log() -> None:
    other = replace(RETURNS, numerator="4", by="陈工")
    assert isinstance(store_entry(scene(stored()), other).answer, Conflict)
    decided = store_entry(scene(stored()), replace(other, reason="漏数一件"))
    entry, line = decided.changes.records
    assert isinstance(entry, EnteredFigure)
    assert (entry.numerator, entry.by, entry.version) == ("4", "陈工", 1)  # the next version is written
    assert isinstance(line, AuditEntry)
    assert (line.by, line.action, line.subject) == ("陈工", "entry.corrected", entry.id)
    assert '"numerator":"3"' in line.detail
    assert '"reason":"漏数一件"' in line.detail
    assert '"entered_by":"李工"' in line.detail


def test_the_order_of_a_cuts_keys_makes_no_other_entry() -> None:
    one = replace(RETURNS, cut=(("team", "north"), ("area", "town")))
    assert one.id == replace(one, cut=one.cut[::-1]).id
    others = (replace(one, cut=()), replace(one, metric="orders"), replace(one, kind=EnteredKind.REMARK))
    assert len({one.id, *(other.id for other in others)}) == 4
