from scoring.text_evaluation.baselines import bayes_predictions, majority_class
from scoring.text_evaluation.labelled import LabelledText

GOOD = ["师傅很好", "很好很快", "good and fast", "very good"]
BAD = ["师傅很差", "很差很慢", "bad and slow", "very bad"]
TEXTS = [
    LabelledText(row, text, label)
    for row, (text, label) in enumerate([(one, 1) for one in GOOD] + [(one, -1) for one in BAD], 1)
]


def test_the_majority_is_the_most_frequent_label_and_of_two_always_the_same() -> None:
    assert majority_class(TEXTS) == -1
    assert majority_class([*TEXTS, LabelledText(9, "好", 1)]) == 1
    assert majority_class([]) == 1


def test_bayes_judges_by_what_the_other_texts_taught() -> None:
    asked = [LabelledText(1, "服务很好", -1), LabelledText(2, "服务很差", 1), LabelledText(3, "a bad one", 1)]
    assert bayes_predictions(asked, TEXTS) == [1, -1, -1]


def test_where_all_are_measured_no_text_is_judged_by_itself() -> None:
    lonely = [LabelledText(1, "独一无二", 1), LabelledText(2, "别处没有", -1)]
    assert bayes_predictions(lonely, []) == [-1, 1]  # each knows the other one only


def test_the_same_texts_are_judged_alike_each_time() -> None:
    assert bayes_predictions(TEXTS, []) == bayes_predictions(TEXTS, [])


def test_without_anything_learnt_something_is_said() -> None:
    assert bayes_predictions([LabelledText(1, "好", 1)], []) == [1]
    assert bayes_predictions([], []) == []
