"""The total of a form with weighted sections, and its grade; exact, and graded before anything is rounded.

A section earns Σ (value × weight of the item) ÷ Σ (most × weight of the item) × the section's weight; the total is the
sum of its sections, 100 at best. With one weight for every item that is Σ items ÷ (items × most) × weight, the common
form of performance sheets; with the importance of each item as its weight it is the importance-weighted satisfaction of
Martilla & James (1977, Journal of Marketing 41(1), 77-79).
"""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from scoring.values import Value

__all__ = [
    "FULL",
    "Grade",
    "SectionScore",
    "SheetItem",
    "SheetScore",
    "SheetSection",
    "grade_of",
    "rounded",
    "score_sheet",
    "told_score",
]

FULL = Fraction(100)
"""What the weights of all sections add up to, and so the highest total."""


class SheetItem(Value):
    """An item of a form: the `most` that it can earn, and its weight among the items of its section."""

    id: str
    most: Fraction
    weight: Fraction = Fraction(1)


class SheetSection(Value):
    """A section of a form: its share of the total, 100 for all of them together, and its items."""

    id: str
    weight: Fraction
    items: tuple[SheetItem, ...]


class Grade(Value):
    """A grade is reached from `at_least` on, the bound included; `name` is its word by language."""

    at_least: Fraction
    name: Mapping[str, str]


class SectionScore(Value):
    """What a section earned of its weight, None while items are unanswered: `answered` of `asked` are not.

    Items that do not apply are not asked; a section of which none applies has the weight 0.
    """

    id: str
    weight: Fraction
    score: Fraction | None
    answered: int
    asked: int


class SheetScore(Value):
    """The total of 100 and its grade, both None while the sheet is incomplete; a sheet without grades has none."""

    total: Fraction | None
    grade: Grade | None
    sections: tuple[SectionScore, ...]

    @property
    def answered(self) -> int:
        """How many items have an answer."""
        return sum(section.answered for section in self.sections)

    @property
    def asked(self) -> int:
        """How many items apply."""
        return sum(section.asked for section in self.sections)


def score_sheet(
    sections: Iterable[SheetSection],
    grades: Iterable[Grade],
    values: Mapping[str, Fraction | int],
    *,
    leaves_out: bool = False,
    not_applicable: Collection[str] = (),
) -> SheetScore:
    """Return what a filled form earns; `values` are those of the items by id.

    Items that are `not_applicable` leave both sums (GB/T 27922: points earned ÷ points of the clauses that apply ×
    100), and a section without any other item leaves its weight to the others in proportion. An unanswered item leaves
    the sheet without total and grade, unless the form `leaves_out` those as well; a section without any answer always
    does.
    """
    scores = tuple(_section(section, values, not_applicable, leaves_out=leaves_out) for section in sections)
    applying = [one.score for one in scores if one.weight]
    complete = [score for score in applying if score is not None]
    weight = sum((one.weight for one in scores), start=Fraction(0))
    if not applying or len(complete) < len(applying):
        return SheetScore(None, None, scores)
    total = sum(complete, start=Fraction(0)) * FULL / weight
    return SheetScore(total, grade_of(grades, total), scores)


def grade_of(grades: Iterable[Grade], total: Fraction) -> Grade | None:
    """Return the highest grade whose lower bound the exact total reaches, None where it reaches none."""
    reached = [grade for grade in grades if total >= grade.at_least]
    return max(reached, key=lambda grade: grade.at_least, default=None)


def rounded(number: Fraction) -> str:
    """Return a number as it is shown: to two digits behind the point, without zeros at the end."""
    return f"{float(number):.2f}".rstrip("0").rstrip(".")


def told_score(section: SectionScore) -> str:
    """Return what a section earned as it is shown: `46.5 of 60`, or how many items are answered."""
    if section.score is None:
        return f"{section.answered} of {section.asked} answered"
    return f"{rounded(section.score)} of {rounded(section.weight)}"


def _section(
    section: SheetSection, values: Mapping[str, Fraction | int], not_applicable: Collection[str], *, leaves_out: bool
) -> SectionScore:
    applying = [item for item in section.items if item.id not in not_applicable]
    answered = [item for item in applying if item.id in values]
    weight = section.weight if applying else Fraction(0)
    counted = applying if len(answered) == len(applying) else answered if leaves_out else []
    most = sum((item.most * item.weight for item in counted), start=Fraction(0))
    score = None
    if most:
        score = sum((values[item.id] * item.weight for item in counted), start=Fraction(0)) / most * weight
    return SectionScore(section.id, weight, score, len(answered), len(applying))
