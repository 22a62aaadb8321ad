"""The laws of a finding, held against every finding that people and the clock can bring about."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from dialogs.improvement import machine as on
from dialogs.improvement.machine import FINDING
from dialogs.improvement.model import Finding, FindingKind, FindingState, Measure, Measured, MeasureResult, Verdict
from dialogs.machine import Machine, Transition
from dialogs.time.periods import Period
from scoring.values import replace
from tests.dialogs.exploring import Move, Walk, explore
from tests.dialogs.samples import NOW

__all__ = ["LAWS", "MEASURE", "START", "broken_laws", "walk_of"]

Visit = Walk[Finding, datetime]

DAY = timedelta(days=1)
WINDOW = Period(NOW + 10 * DAY, NOW + 40 * DAY)
MEASURE = Measure(
    text="报修后 4 小时内回电",
    metric="csat",
    target="80",
    owner="李工",
    due_at=NOW + 7 * DAY,
    baseline=Period(NOW - 30 * DAY, NOW),
    before=Measured("60", 40),
    window=WINDOW,
    planned_by="王经理",
    planned_at=NOW,
)
START = Finding("fin_1", FindingKind.SUGGESTION, "上门太慢", "北区", NOW, "王芳")
OVER = (FindingState.TOLD, FindingState.DISMISSED)
_OTHER = replace(MEASURE, text="加两个人", owner="赵工")
_LATER = Period(WINDOW.since, WINDOW.until + 30 * DAY)
_HAPPENINGS = tuple(
    (event, NOW)
    for event in (
        on.MeasurePlanned(MEASURE, NOW + 4 * DAY),
        on.MeasurePlanned(_OTHER, NOW + 4 * DAY),
        on.ReminderDue(),
        on.MeasureOverdue(NOW + 9 * DAY),
        on.EscalationDue(),
        on.MeasureDone("李工", WINDOW),
        on.AnswersAwaited(WINDOW.until + DAY),
        *(
            on.MeasureVerified(MeasureResult(MEASURE, verdict, MEASURE.before, Measured("70", 40), NOW))
            for verdict in Verdict
        ),
        on.WindowMoved(_LATER),
        on.FindingTold("王经理", "cam_1", (("zh-Hans", "4 小时内回电"),)),
        on.FindingToldAnew("cam_2", (("zh-Hans", "4 小时内回电"),)),
        on.FindingDismissed("王经理", "换了做法"),
    )
)


def walk_of(machine: Machine[Finding, datetime] = FINDING) -> Visit:
    """Visit every finding; of what came of its measures only the last is told apart."""
    return explore(machine, START, lambda _: _HAPPENINGS, _stored)


def _stored(step: Transition[Finding]) -> Finding:
    return replace(step.thing, results=step.thing.results[-1:])


def is_finite(walk: Visit) -> Iterator[object]:
    """The walk comes to an end."""
    yield from ["endless"] * walk.endless


def at_most_one_row_fits(walk: Visit) -> Iterator[object]:
    """The table never has two answers."""
    yield from (move for move in walk.all_moves if len(move.rows) > 1)


def over_is_over(walk: Visit) -> Iterator[object]:
    """Nothing moves a finding that has ended, but that the rest are told; and nothing looks at it again."""
    ended = (move for move in walk.all_moves if move.before.state in OVER)
    yield from (move for move in ended if not _tells_the_rest(move))
    yield from (one for one in walk.moves if one.state in OVER and (one.closed_at is None or one.look_at is not None))


def _tells_the_rest(move: Move[Finding, datetime]) -> bool:
    """Return whether a move changes nothing but by which campaign customers are told, and in which words."""
    told = replace(move.before, campaign=move.after.campaign, told=move.after.told)
    return isinstance(move.event, on.FindingToldAnew) and move.before.state is FindingState.TOLD and told == move.after


def people_can_always_end_it(walk: Visit) -> Iterator[object]:
    """Whatever is not over can be dismissed."""
    for finding, moves in walk.moves.items():
        ends = [move for move in moves if isinstance(move.event, on.FindingDismissed)]
        if finding.state not in OVER and not ends:
            yield finding


def customers_hear_only_what_was_verified(walk: Visit) -> Iterator[object]:
    """Nothing is told but what has reached its target."""
    for finding in walk.moves:
        verdicts = [one.verdict for one in finding.results]
        if finding.state is FindingState.TOLD and verdicts[-1:] != [Verdict.REACHED]:
            yield finding


def whoever_has_a_term_is_looked_at(walk: Visit) -> Iterator[object]:
    """Time changes what is planned or done; what waits for people waits without an end."""
    for finding in walk.moves:
        is_timed = finding.state in (FindingState.PLANNED, FindingState.DONE)
        is_timed = is_timed or (finding.state is FindingState.OVERDUE and finding.escalated_at is None)
        if is_timed != (finding.look_at is not None) and finding.state not in OVER:
            yield finding


def not_reached_is_open_again_and_loses_nothing(walk: Visit) -> Iterator[object]:
    """A measure that did not help is kept with its result, and another one is wanted."""
    for move in walk.all_moves:
        if isinstance(move.event, on.MeasureVerified) and move.event.result.verdict is Verdict.NOT_REACHED:
            after = move.after
            if after.state is not FindingState.OPEN or after.measure is not None or not after.results:
                yield move


def a_term_is_told_once(walk: Visit) -> Iterator[object]:
    """Nobody is reminded twice of one plan, and it is told further up once."""
    for move in walk.all_moves:
        was_reminded = isinstance(move.event, on.ReminderDue) and move.before.reminded_at is not None
        was_told = isinstance(move.event, on.EscalationDue) and move.before.escalated_at is not None
        if was_reminded or was_told:
            yield move


LAWS: tuple[Callable[[Visit], Iterator[object]], ...] = (
    is_finite,
    at_most_one_row_fits,
    over_is_over,
    people_can_always_end_it,
    customers_hear_only_what_was_verified,
    whoever_has_a_term_is_looked_at,
    not_reached_is_open_again_and_loses_nothing,
    a_term_is_told_once,
)


def broken_laws(walk: Visit) -> set[str]:
    """Name the laws that something on the walk breaks."""
    return {law.__name__ for law in LAWS if next(law(walk), None) is not None}
