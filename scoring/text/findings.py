"""What was read in a comment."""

from typing import Literal

from scoring.values import Value

__all__ = ["ClauseReading", "Polarity", "TextFinding", "TextReading", "sign"]

Polarity = Literal[-1, 0, 1]
_UNDECIDED = 8
"""Tenths of a plain word: a sum below is neither praise nor blame."""
_STRONG, _STRONGEST, _NOTABLE = 25, 3, 15
_SLIGHT = 5
_MIXED = 3
"""A comment is mixed where the smaller side times this reaches the larger one."""


class TextFinding(Value, gc=False):
    """One opinion in a clause: the dimension it is about, empty for none; `strength` is 1 to 3; `phrase` as written.

    `topic` is by what such opinions are counted together: what the clause names and the opinion about it, without how
    much. "等待时间真的太长了" and "等待时间太长" are both 等待时间太长.
    """

    dimension: str
    polarity: Polarity
    strength: int
    phrase: str
    topic: str = ""


class ClauseReading(Value, gc=False):
    """A clause by its place in the text as it was written, and what it says."""

    start: int
    end: int
    findings: tuple[TextFinding, ...] = ()


class TextReading(Value):
    """A comment: its clauses; the sums of praise and of blame in tenths of a plain word; and marks of doubt."""

    clauses: tuple[ClauseReading, ...] = ()
    praise: int = 0
    blame: int = 0
    score: int = 0
    """Praise less blame, where what a contrast leads to weighs more: above 0 the comment rather praises."""
    is_doubtful: bool = False
    """Whether anything was denied, wished, asked or said in mockery, or praise and blame stand side by side."""

    @property
    def polarity(self) -> Polarity:
        """What the whole comment says; 0 where hardly anything tells, or where it is mixed."""
        return 0 if self.is_mixed or abs(self.score) < _UNDECIDED else sign(self.score)

    @property
    def is_mixed(self) -> bool:
        """Whether it praises and blames, and neither clearly outweighs the other."""
        low, high = sorted((self.praise, self.blame))
        return low >= _NOTABLE and low * _MIXED >= high * 2

    @property
    def strongly(self) -> Polarity:
        """The polarity of strong words that nothing in the comment puts in doubt, otherwise 0."""
        if self.is_doubtful or min(self.praise, self.blame) > _SLIGHT:
            return 0
        strongest = max((one.strength for clause in self.clauses for one in clause.findings), default=0)
        return sign(self.score) if strongest >= _STRONGEST and abs(self.score) >= _STRONG else 0

    @property
    def dimensions(self) -> frozenset[str]:
        """What the comment is about."""
        return frozenset(one.dimension for clause in self.clauses for one in clause.findings if one.dimension)


def sign(number: int) -> Polarity:
    """Return −1, 0 or 1."""
    return 1 if number > 0 else -1 if number < 0 else 0
