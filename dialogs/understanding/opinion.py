"""An opinion in words: degree, negation and adjective, such as `not very good` or `师傅态度特别好`.

A text is read only where all of it is understood. Levels are those of a five-point scale, 1 the worst.
"""

from collections.abc import Iterator
from enum import StrEnum

from dialogs.understanding.pattern import Edge, reachable
from dialogs.understanding.word_graph import WordGraph
from scoring.values import Value, replace

__all__ = ["is_one_judgement", "opinion", "stated_alone"]

_MIDDLE = 3
_A_WORD, _PASSED_OVER = 10, 1
"""Costs: of readings with as many words, the one that passes over fewer of them counts."""
_QUALITY = "around.quality"
_OWN, _OTHER = "about.own", "about.other"
_NEUTRAL = frozenset({_QUALITY, "around.subject", "around.filler", "around.particle", "around.conjunction"})
_LINK = frozenset({"around.link"})
_PLAIN = ("degree.", "after.", "around.particle", "around.soft", "around.filler", "around.link", "wish.thanks")
_JUDGING = ("adjective.", "other.", "stated")


class Mode(StrEnum):
    """How an adjective is meant: strongly, rather, a little, not at all."""

    PLAIN = ""
    HIGH = "high"
    SO_SO = "so_so"
    RATHER = "rather"
    SLIGHT = "slight"
    NOT = "not"
    NOT_VERY = "not_very"
    VERY_NOT = "very_not"
    AT_ALL = "at_all"
    NOT_AT_ALL = "not_at_all"
    NOT_UN = "not_un"


_DEGREES = {f"degree.{mode}": mode for mode in Mode if mode is not Mode.PLAIN}
_COMBINED = {
    (Mode.HIGH, Mode.HIGH): Mode.HIGH,
    (Mode.RATHER, Mode.HIGH): Mode.HIGH,
    (Mode.HIGH, Mode.RATHER): Mode.RATHER,
    (Mode.RATHER, Mode.RATHER): Mode.RATHER,
    (Mode.SLIGHT, Mode.SLIGHT): Mode.SLIGHT,
    (Mode.RATHER, Mode.SLIGHT): Mode.SLIGHT,
    (Mode.HIGH, Mode.SLIGHT): Mode.SLIGHT,
    (Mode.SLIGHT, Mode.HIGH): Mode.SLIGHT,
    (Mode.SLIGHT, Mode.NOT): Mode.NOT,
    (Mode.RATHER, Mode.NOT): Mode.NOT,
    (Mode.HIGH, Mode.NOT): Mode.VERY_NOT,
    (Mode.HIGH, Mode.NOT_VERY): Mode.NOT_VERY,
    (Mode.RATHER, Mode.NOT_VERY): Mode.NOT_VERY,
    (Mode.NOT, Mode.HIGH): Mode.NOT_VERY,
    (Mode.NOT, Mode.RATHER): Mode.NOT_VERY,
    (Mode.NOT, Mode.NOT_VERY): Mode.NOT_VERY,
    (Mode.NOT_VERY, Mode.HIGH): Mode.NOT_VERY,
    (Mode.AT_ALL, Mode.NOT): Mode.NOT_AT_ALL,
    (Mode.NOT, Mode.AT_ALL): Mode.NOT_AT_ALL,
    (Mode.NOT_VERY, Mode.AT_ALL): Mode.NOT_AT_ALL,
    (Mode.VERY_NOT, Mode.AT_ALL): Mode.NOT_AT_ALL,
}
_GOOD = {
    Mode.HIGH: 5, Mode.RATHER: 4, Mode.NOT: 2, Mode.NOT_VERY: 2, Mode.VERY_NOT: 1, Mode.NOT_AT_ALL: 1,
    Mode.SO_SO: 3,
}  # fmt: skip
_BAD = {
    Mode.HIGH: 1, Mode.RATHER: 2, Mode.SLIGHT: 2, Mode.NOT: 4, Mode.NOT_VERY: 3, Mode.VERY_NOT: 4, Mode.NOT_AT_ALL: 4,
    Mode.NOT_UN: 4, Mode.AT_ALL: 1,
}  # fmt: skip
_SO_SO = {Mode.HIGH: 3, Mode.RATHER: 3, Mode.SLIGHT: 3}
_BEST, _RATHER_GOOD, _RATHER_BAD, _WORST = 5, 4, 2, 1
_ADJECTIVE = "adjective."
_DENIALS = frozenset({Mode.NOT, Mode.NOT_VERY, Mode.VERY_NOT})
_NEGATED = frozenset({Mode.NOT, Mode.NOT_VERY})


class _State(Value):
    """How far a text is read: the mode of what comes, the adjective that may still be changed, the levels so far."""

    mode: Mode = Mode.PLAIN
    level: int = 0
    how: Mode = Mode.PLAIN
    low: int = 0
    high: int = 0
    is_negated: bool = True
    is_own: bool = False
    is_quality: bool = False
    about: str = ""


def opinion(graph: WordGraph, start: int, end: int, lowest: int = 1) -> int | None:
    """Return the level that all of the text between two places states; None where it is not clear.

    The ratings of the words that a survey states begin with `lowest`.
    """
    reached: dict[int, dict[_State, int]] = {start: {_State(): 0}}
    for place in range(start, end):
        for state, cost in reached.pop(place, {}).items():
            for edge in graph[place]:
                if edge.end > end:
                    continue
                states = reached.setdefault(min(edge.after, end), {})
                for moved, extra in _moves(state, edge, lowest):
                    total = cost + _A_WORD * edge.cost + extra
                    states[moved] = min(total, states.get(moved, total))
    return _cheapest(reached.get(end, {}))


def stated_alone(graph: WordGraph, start: int) -> int | None:
    """Return the one rating that the survey states for the words from `start` to the end, on a scale of any length."""
    end = len(graph) - 1
    edges = [edge for place in reachable({start}, _NEUTRAL, graph) for edge in graph[place] if edge.value is not None]
    values = {edge.value for edge in edges if end in reachable({edge.after}, _NEUTRAL, graph)}
    return values.pop() if len(values) == 1 else None


def is_one_judgement(graph: WordGraph, start: int) -> bool:
    """Return whether the words from `start` to the end may be a single adjective with its degree: `not good at all`."""
    reached = {(start, False)}
    for place in range(start, len(graph) - 1):
        judged = {judged for at, judged in reached if at == place}
        for edge in graph[place] if judged else ():
            is_judging = edge.value is not None or any(kind.startswith(_JUDGING) for kind in edge.kinds)
            if any(kind.startswith(_PLAIN) for kind in edge.kinds):
                reached |= {(edge.after, before) for before in judged}
            if is_judging and False in judged:
                reached.add((edge.after, True))
    return (len(graph) - 1, True) in reached


def _cheapest(states: dict[_State, int]) -> int | None:
    """Return the level of the reading in the fewest words; None where two of them differ."""
    settled = ((_settled(state), cost) for state, cost in states.items())
    done = [(level, cost) for state, cost in settled if state is not None and (level := _level(state)) is not None]
    least = min((cost for _, cost in done), default=0)
    levels = {level for level, cost in done if cost == least}
    return levels.pop() if len(levels) == 1 else None


def _level(state: _State) -> int | None:
    """Return the one level of several that agree; `neither good nor bad` is the middle."""
    if state.mode is not Mode.PLAIN or not state.low or not state.is_own or state.about == _OTHER:
        return None
    low, high = state.low, state.high
    if low < _MIDDLE < high:
        return _MIDDLE if state.is_negated else None
    if _MIDDLE in (low, high) and low != high:
        return None
    return high if low >= _MIDDLE else low


def _moves(state: _State, edge: Edge, lowest: int) -> Iterator[tuple[_State, int]]:
    """Yield the states after a word, and what they cost more; none where it does not fit."""
    if edge.kinds & _NEUTRAL and state.mode is Mode.PLAIN and (settled := _settled(state)) is not None:
        about = _OWN if _OWN in (*edge.kinds, settled.about) else _OTHER if _OTHER in edge.kinds else settled.about
        yield replace(settled, is_quality=_QUALITY in edge.kinds, about=about), _PASSED_OVER
    if edge.kinds & _LINK and (state.mode is not Mode.PLAIN or state.level):
        yield state, _PASSED_OVER
    may_be_degree = any(kind in _DEGREES for kind in edge.kinds)
    for judged in _judged(state, edge, lowest):
        yield judged, _PASSED_OVER if may_be_degree else 0
    for changed in _changed(state, edge):
        yield changed, 0


def _changed(state: _State, edge: Edge) -> Iterator[_State]:
    """Yield the states after a word that changes the adjective before or after it."""
    for kind in edge.kinds:
        if kind in _DEGREES and (settled := _settled(state)) is not None:
            mode = _combined(settled.mode, _DEGREES[kind])
            if mode is not None:
                yield replace(settled, mode=mode)
        if kind.startswith("after.") and state.level:
            mode = _combined(state.how, Mode(kind.removeprefix("after.")))
            if mode is not None:
                yield replace(state, how=mode)
        if kind == "around.denied" and state.level > _MIDDLE and state.how is Mode.PLAIN:
            yield replace(state, level=_WORST)


def _judged(state: _State, edge: Edge, lowest: int) -> Iterator[_State]:
    """Yield the states after an adjective; a rating that the survey states for it counts where nothing changes it."""
    levels = [(level, kind.startswith(_ADJECTIVE)) for kind in edge.kinds if (level := _level_of(state, kind))]
    if edge.value is not None and (state.mode is Mode.PLAIN or not levels):
        levels = [(edge.value - lowest + 1, True)]
    settled = _settled(state)
    is_denied_twice = "negated" in edge.kinds and state.mode in _DENIALS
    if settled is not None and not is_denied_twice:
        for level, is_own in levels:
            own = is_own or settled.is_own
            yield replace(settled, mode=Mode.PLAIN, level=level, how=settled.mode, is_own=own, is_quality=False)


def _level_of(state: _State, kind: str) -> int:
    """Return the level that an adjective of a list has here, 0 for none: `faster` is one in `could be faster` only."""
    group, _, name = kind.partition(".")
    if group not in ("adjective", "other"):
        return 0
    if name.isdecimal():
        return int(name)
    if name == "more":
        return 0 if state.mode is Mode.PLAIN else _RATHER_GOOD
    return (_RATHER_GOOD if name == "tall" else _RATHER_BAD) if state.is_quality else 0


def _combined(one: Mode, other: Mode) -> Mode | None:
    return other if one is Mode.PLAIN else _COMBINED.get((one, other))


def _settled(state: _State) -> _State | None:
    """Return the state with the adjective before taken as it stands; None where it means nothing that way."""
    if not state.level:
        return state
    level = _weighed(state.level, state.how)
    if level is None:
        return None
    return _State(
        state.mode,
        low=min(level, state.low or level),
        high=max(level, state.high),
        is_negated=state.is_negated and state.how in _NEGATED,
        is_own=state.is_own,
        is_quality=state.is_quality,
        about=state.about,
    )


def _weighed(level: int, how: Mode) -> int | None:
    if how is Mode.PLAIN:
        return level
    if level == _MIDDLE:
        return _SO_SO.get(how)
    if how in _NEGATED and level in (_WORST, _BEST):
        return None
    return (_GOOD if level > _MIDDLE else _BAD).get(how)
