"""The answers over which it is decided what is withheld: each a bit of a number, so that a cell is one number.

What cells have in common, what one has besides others, and whether that is nobody takes one operation on such numbers,
however many people there are; those are counted one by one only where they may be few.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

from scoring.honesty.people import RatedBy, certain_people
from scoring.values import Value

__all__ = ["AnswerSets", "CellKey", "Crowd", "Cut", "DisclosureAtom"]

CellKey = tuple[str, ...]
Cut = tuple[str, ...]


class DisclosureAtom(Value):
    """`people` who rated the same item, with the same values of every key.

    With `person` they are so many ratings of one person, who may have others; without one nobody of them has.

    `item` names what they rated by each split, such as `{"question": "attitude"}`; `group` is the survey or another
    thing of which everybody has one, so that people of several groups are certainly different ones.
    """

    keys: Mapping[str, str]
    item: Mapping[str, str]
    people: int
    group: str = ""
    person: str = ""


class _Place(Value):
    """All who rated with the same values of every key, in one group.

    `people` are they with the items that each rated, those who answered once together as the first, without a name;
    `once` is how many of these rated each item, a field of a number for each. An item is a bit by its number, and
    `items` are those that anybody rated.
    """

    group: str
    values: tuple[str, ...]
    people: tuple[tuple[str, int], ...]
    once: int
    items: int


class Crowd:
    """Those of several places: counts of those who answered once, the others by what they rated, and the first places.

    `items` are those that anybody rated.
    """

    __slots__ = ("_first", "_named", "items", "once")

    def __init__(self) -> None:
        self.once = self.items = 0
        self._named: dict[int, set[str]] = {}
        self._first: dict[int, int] = {}

    def join(self, number: int, place: _Place) -> None:
        """Add those of the place of this number, which is higher than those before."""
        self.once += place.once
        self.items |= place.items
        self._first.setdefault(place.items, number)
        for person, items in place.people:
            if person:
                self._named.setdefault(items, set()).add(person)

    def people_of(self, items: int) -> set[str]:
        """Return those who are known by name and rated any of these items."""
        return set[str]().union(*(people for rated, people in self._named.items() if rated & items))

    def begins(self, items: int) -> tuple[int, int]:
        """Return the item and the place of the first answer to any of these items."""
        return min((_lowest(rated & items), number) for rated, number in self._first.items() if rated & items)


class AnswerSets:
    """All answers, by their places, which are in order: that in which they were told makes no difference.

    `items` is their number; `splits` has for each split its values, each with the items of which it is that.
    """

    def __init__(self, atoms: Iterable[DisclosureAtom], subjects: Iterable[Cut], splits: Iterable[str]) -> None:
        told = [atom for atom in atoms if atom.people]
        used = {key for subject in subjects for key in subject}
        self._keys = [key for key in (told[0].keys if told else ()) if key in used]
        items = dict(sorted({(atom.group, *atom.item.values()): atom.item for atom in told}.items()))
        self.items = len(items)
        kinds = [(), *((split,) for split in splits)]
        self._values = {kind: [tuple(item[each] for each in kind) for item in items.values()] for kind in kinds}
        self.splits = {kind: _by_value(values) for kind, values in self._values.items()}
        self._group_of = [group for group, *_ in items]
        self._groups = defaultdict[str, list[int]](list)
        for number, group in enumerate(self._group_of):
            self._groups[group].append(number)
        self._width = sum(atom.people for atom in told).bit_length() + 1
        """Of the field of an item, in which the highest bit is never needed for its count."""
        self._ones = sum(1 << self._width * item for item in range(self.items))
        self._carried = dict[int, int]()
        self.places = [*self._places(told, {item: number for number, item in enumerate(items)})]
        self._seats = {group: [*self._seated(group)] for group in self._groups}
        self._number_answers()

    def _places(self, told: Iterable[DisclosureAtom], numbers: Mapping[tuple[str, ...], int]) -> Iterator[_Place]:
        known: dict[int, tuple[str, ...]] = {}
        found: dict[tuple[str, tuple[str, ...]], dict[str, dict[int, int]]] = {}
        for atom in told:
            if (values := known.get(id(atom.keys))) is None:  # many atoms have one mapping
                values = known[id(atom.keys)] = tuple([atom.keys[key] for key in self._keys])
            rated = found.setdefault((atom.group, values), {}).setdefault(atom.person, {})
            number = numbers[(atom.group, *atom.item.values())]
            rated[number] = rated.get(number, 0) + atom.people
        for group, values in sorted(found):
            by_person = found[group, values]
            people = tuple((person, _bits(rated)) for person, rated in sorted(by_person.items()))
            once = sum(n << self._width * number for number, n in by_person.get("", {}).items())
            yield _Place(group, values, people, once, _union(items for _, items in people))

    def _seated(self, group: str) -> Iterator[tuple[int, str, int]]:
        """Yield the number of the place, the name and the items of everybody in a group, in order."""
        for number, place in enumerate(self.places):
            if place.group == group:
                for person, items in place.people:
                    yield number, person, items

    def _number_answers(self) -> None:
        """Number the answers, each by its bit: those to one item are beside each other, in the order of people."""
        self._starts, self._rated, end = list[int](), list[int](), 0
        self._once = self._named = 0
        answers = defaultdict[str, int](int)
        for group, numbers in self._groups.items():
            seats = self._seats[group]
            alone = _bits(at for at, (_, person, _) in enumerate(seats) if not person)
            for number in numbers:
                rated = _bits(at for at, (_, _, items) in enumerate(seats) if items >> number & 1)
                self._starts.append(end)
                self._rated.append(rated)
                self._once |= (rated & alone) << end
                self._named |= (rated & ~alone) << end
                end += len(seats)
            for _, person, items in seats:
                answers[person] += items.bit_count()
        answers.pop("", None)
        self._most_of_one = max(answers.values(), default=0)

    def cells_of(self, subject: Cut) -> tuple[list[CellKey], list[int]]:
        """Return the cells of a cut in the order of their first answers, and for each place the number of its cell."""
        at = [self._keys.index(key) for key in subject] if self.places else []
        mine = [tuple([place.values[one] for one in at]) for place in self.places]
        first = dict[CellKey, tuple[int, int]]()
        for number, (place, cell) in enumerate(zip(self.places, mine, strict=True)):
            begins = _lowest(place.items), number
            if cell not in first or begins < first[cell]:
                first[cell] = begins
        cells = sorted(first, key=lambda cell: first[cell])
        numbers = {cell: number for number, cell in enumerate(cells)}
        return cells, [numbers[cell] for cell in mine]

    def crowds(self, numbers: Iterable[int]) -> dict[int, Crowd]:
        """Return those of the places that have the same number, of which each place has one."""
        found = dict[int, Crowd]()
        for at, (number, place) in enumerate(zip(numbers, self.places, strict=True)):
            if (crowd := found.get(number)) is None:
                crowd = found[number] = Crowd()
            crowd.join(at, place)
        return found

    def value(self, split: Cut, item: int) -> CellKey:
        """Return the value of an item by a split."""
        return self._values[split][item]

    def answers_in(self, numbers: Sequence[int], cells: int) -> list[int]:
        """Return the answers in each of so many cells, of which each place has the number of its own."""
        found = [0] * cells
        for group, items in self._groups.items():
            inside = defaultdict[int, list[int]](list)
            for at, (place, _, _) in enumerate(self._seats[group]):
                inside[numbers[place]].append(at)
            for cell, seats in inside.items():
                mine = _bits(seats)
                for item in items:
                    found[cell] |= (mine & self._rated[item]) << self._starts[item]
        return found

    def answers_to(self, items: int) -> int:
        """Return all answers to a set of items."""
        return _union(self._rated[item] << self._starts[item] for item in range(self.items) if items >> item & 1)

    def first_of(self, answers: int) -> tuple[int, int]:
        """Return the place and the item of the first of some answers."""
        place, _, item = self._answer(_lowest(answers))
        return place, item

    def are_few(self, answers: int, fewest: int) -> bool:
        """Return whether somebody gave these answers, and fewer than so many people certainly did.

        They are not looked through where they are so many that one item has enough of them, or enough people do.
        """
        if not answers:
            return False
        if (answers & self._once).bit_count() > (fewest - 1) * self.items:
            return False
        if (answers & self._named).bit_count() > (fewest - 1) * self._most_of_one:
            return False
        return certain_people(self._sizes(answers), fewest) < fewest

    def _sizes(self, answers: int) -> dict[RatedBy, int]:
        sizes: dict[RatedBy, int] = {}
        while answers:
            first = _lowest(answers)
            answers ^= 1 << first
            number, person, item = self._answer(first)
            place, rated = self.places[number], (self.places[number].group, str(item), person)
            sizes[rated] = sizes.get(rated, 0) + (1 if person else self.count(place.once, item))
        return sizes

    def _answer(self, bit: int) -> tuple[int, str, int]:
        """Return the place, the person and the item of an answer."""
        item = bisect_right(self._starts, bit) - 1
        number, person, _ = self._seats[self._group_of[item]][bit - self._starts[item]]
        return number, person, item

    def count(self, once: int, item: int) -> int:
        """Return the count of one item in the counts of all."""
        return once >> self._width * item & (1 << self._width) - 1

    def with_enough(self, once: int, fewest: int) -> int:
        """Return the items of which the count in these counts is at least `fewest`.

        By one addition for all: what is added carries into the highest bit of a field if its count is large enough.
        """
        highest = 1 << self._width - 1
        if fewest >= highest:
            return 0
        carried = once + self._ones * (highest - fewest) & self._ones * highest
        if (items := self._carried.get(carried)) is None:
            items = self._carried[carried] = sum(1 << item for item in range(self.items) if self.count(carried, item))
        return items

    def certain(self, crowd: Crowd, items: int) -> int:
        """Return how many people there certainly are who rated any of these items."""
        return self.alone(crowd, items) + len(crowd.people_of(items))

    def alone(self, crowd: Crowd, items: int) -> int:
        """Return how many of them answered once: of each group those to the item most rated."""
        if not crowd.once:
            return 0
        groups = self._groups.values()
        return sum(
            max((self.count(crowd.once, one) for one in group if items >> one & 1), default=0) for group in groups
        )


def _bits(places: Iterable[int]) -> int:
    """Return the number in which these bits are set."""
    listed = [*places]
    written = bytearray(max(listed, default=0) // 8 + 1)
    for place in listed:
        written[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(written, "little")


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _by_value(values: Iterable[CellKey]) -> dict[CellKey, int]:
    found = dict[CellKey, int]()
    for item, value in enumerate(values):
        found[value] = found.get(value, 0) | 1 << item
    return found


def _union(several: Iterable[int]) -> int:
    return reduce(or_, several, 0)
