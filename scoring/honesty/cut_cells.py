"""The cells of the cuts over which it is decided what is withheld, with the answers and the people of each."""

from collections.abc import Iterator, Sequence

from scoring.honesty.answer_sets import AnswerSets, CellKey, Cut

__all__ = ["CellsOfCut", "CutCell", "Remainder"]


class CutCell:
    """A cell that may be published: its values, its answers, and of how many people these certainly are.

    `rank` is the place of its cut: of two cells the one of a higher rank is withheld first.
    """

    __slots__ = ("above", "answers", "first", "is_published", "people", "rank", "same", "values")

    def __init__(
        self, values: CellKey, answers: int, people: int, rank: tuple[int, bool], first: tuple[int, int]
    ) -> None:
        self.values, self.answers, self.people, self.rank, self.first = values, answers, people, rank, first
        self.is_published = True
        self.above: list[Remainder] = []
        self.same: list[CutCell] = []

    def rank_alike(self) -> None:
        """Take the first rank of all cells of the same answers, which are withheld together."""
        alike, found = {self}, [self]
        while found:
            new = [twin for twin in found.pop().same if twin not in alike]
            alike.update(new)
            found += new
        self.rank = min(cell.rank for cell in alike)

    def withhold(self) -> "Iterator[Remainder]":
        """Mark this cell, and others of the same answers, as withheld; yield the remainders that grow by that."""
        if not self.is_published:
            return
        self.is_published = False
        for rest in self.above:
            rest.grow(self.answers)
            yield rest
        for twin in self.same:
            yield from twin.withhold()


class Remainder:
    """What a published cell has besides the published cells of one cut that lie in it."""

    __slots__ = ("answers", "inner", "outer")

    def __init__(self, outer: CutCell, inner: Sequence[CutCell]) -> None:
        self.outer, self.inner = outer, sorted(inner, key=lambda cell: cell.people)
        self.answers = outer.answers
        for cell in inner:
            cell.above.append(self)
            self.answers &= ~cell.answers

    def grow(self, answers: int) -> None:
        """Take in the answers of a cell that is no longer published."""
        self.answers |= answers


class CellsOfCut:
    """The cells by one subject, and the parts of each by every split.

    `numbers` has for each place the number of its cell, `parts` for each split its cells, by the number of the whole
    cell and the value of the split.
    """

    def __init__(self, answers: AnswerSets, subject: Cut, place: int) -> None:
        self.subject = subject
        self.cells, self.numbers = answers.cells_of(subject)
        self.parts = {split: dict[tuple[int, CellKey], CutCell]() for split in answers.splits}
        whole, crowds = answers.answers_in(self.numbers, len(self.cells)), answers.crowds(self.numbers)
        for split, values in answers.splits.items():
            of_value = {value: answers.answers_to(items) for value, items in values.items()}
            for number, cell in enumerate(self.cells):
                crowd = crowds[number]
                ours = sorted((crowd.begins(items), value) for value, items in values.items() if items & crowd.items)
                for (item, first), value in ours:
                    people = answers.certain(crowd, values[value])
                    part = whole[number] & of_value[value]
                    self.parts[split][number, value] = CutCell(
                        (*cell, *value), part, people, (place, bool(split)), (first, item)
                    )
