from fractions import Fraction

from scoring.text_evaluation.confusion import Confusion, Hits, confusion_of, micro_f1

PAIRS = [(1, 1)] * 6 + [(1, -1)] * 2 + [(-1, -1)] * 3 + [(-1, 1)] + [(0, 1)] * 2


def test_accuracy_and_f1_are_those_of_a_table_worked_out_by_hand() -> None:
    counts = confusion_of((-1, 0, 1), PAIRS)
    assert counts.n == 14
    assert counts.accuracy == Fraction(9, 14)
    assert counts.hits(1) == Hits(true=6, false=3, missed=2)
    assert (counts.hits(1).precision, counts.hits(1).recall) == (Fraction(2, 3), Fraction(3, 4))
    assert counts.hits(1).f1 == Fraction(12, 17)
    assert counts.hits(-1).f1 == Fraction(6, 9)
    assert counts.macro_f1 == (Fraction(12, 17) + Fraction(2, 3) + 0) / 3  # of what is neither, nothing was found
    assert [counts.labelled(one) for one in counts.classes] == [4, 2, 8]


def test_a_class_that_occurs_nowhere_does_not_lower_the_mean() -> None:
    assert confusion_of((-1, 0, 1), [(1, 1), (-1, -1)]).macro_f1 == 1


def test_nothing_measured_is_nothing_reached() -> None:
    none = Confusion((-1, 1), {})
    assert none.n == none.accuracy == none.macro_f1 == Hits().f1 == 0
    assert Hits().precision is Hits().recall is None


def test_micro_f1_counts_each_hit_alike_whatever_its_dimension() -> None:
    assert micro_f1([Hits(8, 1, 1), Hits(0, 1, 1)]) == Fraction(16, 20)
    assert micro_f1([]) == 0
