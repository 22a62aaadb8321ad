"""Counts of two keys as a table with rows and columns, with sums and shares; and repairs listed one by one."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from dialogs.reports.document import Cell, Paragraph, Section, Table
from dialogs.reports.figure_parts import ReportWords, number_cell, share_cell
from scoring.metrics.figure import Figure
from scoring.values import Value

__all__ = ["MOST_LISTED", "RepairAgain", "cross_section", "repair_list"]

_MOST_COLUMNS = 8
"""As many fit on A4; the rest is added up in one more."""
MOST_LISTED = 50
"""Repairs that a report lists."""


def cross_section(title: str, figures: Sequence[Figure], keys: tuple[str, str], words: ReportWords) -> Section:
    """Return counts by two keys: a row for each value of the first, a column for each of the second, most first."""
    counts = {(one.cut[keys[0]], one.cut[keys[1]]): one.n for one in figures if one.n}
    total = sum(counts.values())
    if not total:
        return Section(title, (Paragraph((words.say("nothing"),)),))
    lines, columns = (_from_most(counts, place) for place in (0, 1))
    shown, others = columns[:_MOST_COLUMNS], columns[_MOST_COLUMNS:]
    groups = [(words.name(keys[1], one), [one]) for one in shown]
    groups += [(words.say("others", n=len(others)), others)] if others else []

    def row(label: str, of: Iterable[str]) -> tuple[Cell, ...]:
        mine = [*of]
        parts = [sum(counts.get((line, one), 0) for line in mine for one in group) for _, group in groups]
        whole = sum(parts)
        share = share_cell(Fraction(100 * whole, total), words)
        return (Cell(label), *(number_cell(n, words) for n in parts), number_cell(whole, words), share)

    head = (words.say(f"key.{keys[0]}"), *(label for label, _ in groups), words.say("all"), words.say("column.share"))
    rows = [row(words.name(keys[0], line), [line]) for line in lines]
    return Section(title, (Table(head, (*rows, row(words.say("all"), lines))),))


def _from_most(counts: dict[tuple[str, str], int], place: int) -> list[str]:
    """Return the values of one key, those with the highest counts first."""
    sums: dict[str, int] = {}
    for cell, n in counts.items():
        sums[cell[place]] = sums.get(cell[place], 0) + n
    return sorted(sums, key=lambda one: (-sums[one], one))


class RepairAgain(Value):
    """A repair that had to be done again: its ticket, by which one, by whom, of which fault, from what."""

    ticket: str
    again: str
    agent: str
    category: str
    cause: str
    rework: str = ""


def repair_list(title: str, found: Sequence[RepairAgain], in_all: int, words: ReportWords) -> Section:
    """Return the first repairs one by one; how many more there are is said."""
    if not found:
        return Section(title, (Paragraph((words.say("nothing"),)),))
    names = ["first", "again", "agent", "category", "cause", *["rework"][: any(one.rework for one in found)]]
    rows = tuple(
        tuple(
            Cell(text)
            for text in (
                *(one.ticket, one.again, words.name("agent", one.agent), words.name("category", one.category)),
                words.name("cause", one.cause),
                *[words.name("rework", one.rework)][: "rework" in names],
            )
        )
        for one in found
    )
    table = Table(tuple(words.say(f"column.{name}") for name in names), rows)
    more = in_all - len(found)
    return Section(title, (table, Paragraph((words.say("more", n=more),))) if more > 0 else (table,))
