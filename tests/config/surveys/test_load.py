"""The shipped surveys are whole in every language; an owner's own take their place."""

from fractions import Fraction
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.locale.words import load_lexicon
from config.surveys.canonical_json import digest, survey_from_json, survey_json
from config.surveys.load import SHIPPED, find_survey, lint, read_survey, read_surveys
from config.values.urls_and_zones import LOCALES
from dialogs.survey import Question, RemarkRule, Survey, Texts
from dialogs.understanding.model import AskedQuestion, Chosen
from dialogs.understanding.read import read
from scoring.rules import AlertRule
from scoring.scale import Scale
from scoring.values import replace

ALL = read_surveys()
WEIGHTED = Path(__file__).with_name("weighted_survey.toml")
SMALL = Path(__file__).with_name("small_survey.toml")


def texts(survey: Survey) -> list[Texts]:
    """Return every text of a survey in all its languages."""
    asked = [text for question in survey.questions for text in (question.name, question.definition)]
    return [survey.title, *asked]


def test_the_shipped_surveys_are_those_of_the_documents() -> None:
    documented = {"after_service", "callback", "customer_5", "feedback_importance", "quality_5", "ten_point"}
    documented |= {"e_commerce", "importance_matrix", "satisfaction_3", "satisfaction_4"}
    names = documented | {"anonymous_pulse", "feedback"}
    assert set(ALL) == names == {path.stem for path in SHIPPED.glob("*.toml")}


@pytest.mark.parametrize("survey", ALL.values(), ids=ALL)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_shipped_survey_is_whole_in_each_language(survey: Survey, locale: str) -> None:
    assert all(text[locale] for text in texts(survey))
    ends = (survey.scale.lowest, survey.scale.highest)
    assert all(survey.scale.label(point, locale) != str(point) for point in ends)
    assert lint(survey) == []


@pytest.mark.parametrize("survey", ALL.values(), ids=ALL)
def test_a_shipped_survey_says_different_things_in_each_language(survey: Survey) -> None:
    assert all(text["en"].isascii() and not text["zh-Hans"].isascii() for text in texts(survey))
    assert survey.title["zh-Hans"] != survey.title["zh-Hant"]


@pytest.mark.parametrize("survey", ALL.values(), ids=ALL)
@pytest.mark.parametrize(("locale", "satisfied", "agreed"), [("zh-Hans", "满意", "同意"), ("zh-Hant", "滿意", "同意")])
def test_a_shipped_question_fits_the_words_of_its_scale(
    survey: Survey, locale: str, satisfied: str, agreed: str
) -> None:
    highest = survey.scale.highest
    asked = {q.definition[locale]: survey.scale_of(q.id).label(highest, locale) for q in survey.questions}
    assert [text for text, best in asked.items() if (satisfied in text) != (satisfied in best)] == []
    assert [text for text, best in asked.items() if agreed in best and text.endswith(("吗", "嗎", "不"))] == []
    assert [text for text in asked if "有没有" in text or "有沒有" in text] == []  # yes or no is no degree


@pytest.mark.parametrize("survey", ALL.values(), ids=ALL)
def test_what_is_stored_of_a_survey_gives_the_same_survey_back(survey: Survey) -> None:
    back = survey_from_json(survey_json(survey))
    assert back == survey
    assert survey_json(back) == survey_json(survey)
    assert digest(back) == digest(survey)


STORED = {
    "after_service": "2485143304263747d7ee2c3d3ea52edf",
    "anonymous_pulse": "21b406702114d82d923aec7d166776fb",
    "callback": "f5697bc418dc1bc401be42ff3e5ee09c",
    "customer_5": "7bcaf70fe58395babf7d9e51713fbbc8",
    "feedback": "de8ba836cd934d95cbe7c86c52b23b24",
    "feedback_importance": "e23d361629730bdf9eb0bfcce1fdbdf9",
    "quality_5": "b887094633462c5fc41d67abe18cee23",
    "ten_point": "af5af2e186477a29783059570a61b225",
}
"""What databases hold of version 2 of the shipped surveys, which knew neither dimensions nor sections."""


@pytest.mark.parametrize("survey", [ALL[name] for name in STORED], ids=STORED)
def test_what_a_survey_leaves_out_does_not_change_the_digest_that_is_stored_of_it(survey: Survey) -> None:
    plain = tuple(replace(question, dimension="") for question in survey.questions)
    assert digest(replace(survey, version=2, questions=plain, sections=())) == STORED[survey.id]


def test_everything_that_a_total_is_made_of_is_stored_and_read_again(tmp_path: Path) -> None:
    (tmp_path / "weighted.toml").write_text(WEIGHTED.read_text("utf-8"), "utf-8")
    survey = read_survey(tmp_path / "weighted.toml")
    assert survey_from_json(survey_json(survey)) == survey
    parts = [
        replace(survey, sections=()),
        replace(survey, grades=()),
        replace(survey, leaves_out=False),
        replace(survey, asks_importance=True),
    ]
    asked = [survey.questions[0], *survey.questions[1:]]
    others = [replace(asked[0], importance=2), replace(asked[0], labels={}), replace(asked[0], dimension="")]
    changed = [*parts, *(replace(survey, questions=(other, *asked[1:])) for other in others)]
    assert len({digest(one) for one in (survey, *changed)}) == len(changed) + 1


def test_questions_of_several_surveys_are_compared_by_their_dimension_and_not_by_their_id() -> None:
    speed = {survey.id: survey.question("response_speed").measures for survey in ALL.values() if _asks_speed(survey)}
    assert speed == {
        "after_service": "response_speed",
        "customer_5": "reply_speed",
        "e_commerce": "reply_speed",
        "quality_5": "reachability",
        "satisfaction_4": "response_speed",
        "ten_point": "waiting_time",
    }
    attitude = [q.id for survey in ALL.values() for q in survey.questions if q.measures == "attitude"]
    assert attitude == ["attitude", "delivery_attitude", "staff_attitude", "reception_attitude", "reception_attitude"]


def _asks_speed(survey: Survey) -> bool:
    return any(question.id == "response_speed" for question in survey.questions)


def test_any_change_to_a_survey_changes_its_digest() -> None:
    assert len({digest(survey) for survey in ALL.values()}) == len(ALL)
    small = read_survey(SMALL)
    assert digest(small) != digest(survey_from_json(survey_json(small).replace("How fast", "How quick")))


def test_words_and_topics_that_a_question_leaves_out_do_not_stand_in_what_is_stored() -> None:
    small = survey_json(read_survey(SMALL))
    assert ("topics" in small, small.count('"words"')) == (False, 1)
    assert "topics" in survey_json(ALL["after_service"])


@pytest.mark.some(4)
@pytest.mark.parametrize("survey", ALL.values(), ids=ALL)
def test_each_question_has_words_of_its_own_in_each_language_and_they_are_read(survey: Survey) -> None:
    for place, question in enumerate(survey.questions):
        assert any(word.isascii() for word in question.words)
        assert any(not word.isascii() for word in question.words)
        for word, point in question.words.items():
            assert {_rating(word, survey, locale, place) for locale in LOCALES} == {point}, (question.id, word)


@pytest.mark.row("S2-20")
def test_after_service_asks_the_five_dimensions() -> None:
    survey = ALL["after_service"]
    assert [(question.id, question.name["zh-Hans"]) for question in survey.questions] == [
        ("response_speed", "响应速度"),
        ("problem_solving", "问题解决得怎么样"),
        ("attitude", "服务态度"),
        ("convenience", "方便程度"),
        ("after_care", "后续关怀"),
    ]
    assert (survey.scale.lowest, survey.scale.highest) == (1, 5)
    assert survey.remark == RemarkRule(at_or_below=3, at_most=2)
    assert survey.alerts is None


def test_ten_point_asks_five_sides_from_one_to_ten() -> None:
    survey = ALL["ten_point"]
    names = ["响应速度", "服务质量", "沟通", "问题解决得怎么样", "整体感受"]
    assert [question.name["zh-Hans"] for question in survey.questions] == names
    assert survey.scale.values == tuple(range(1, 11))


@pytest.mark.parametrize(
    ("survey", "questions"),
    [("customer_5", 5), ("feedback", 1), ("feedback_importance", 4), ("callback", 4), ("quality_5", 5)],
)
def test_the_documents_other_surveys_ask_what_their_rows_say(survey: str, questions: int) -> None:
    assert len(ALL[survey].questions) == questions
    assert ALL[survey].scale.values == (1, 2, 3, 4, 5)


def test_each_question_of_the_three_level_survey_has_words_of_its_own() -> None:
    survey = ALL["satisfaction_3"]
    assert {q.id: tuple(survey.scale_of(q.id).labels["zh-Hans"].values()) for q in survey.questions} == {
        "product_quality": ("不满意", "满意", "非常满意"),
        "service_quality": ("不满意", "还可以", "很好"),
        "price": ("不合理", "还可以", "很合理"),
        "after_sales": ("不满意", "满意", "非常满意"),
    }
    said = {"service_quality": ("很好", "還可以", "not happy"), "price": ("很合理", "还可以", "不合理")}
    places = [question.id for question in survey.questions]
    for question, words in said.items():
        assert [_rating(word, survey, "zh-Hans", places.index(question)) for word in words] == [3, 2, 1]


def _rating(word: str, survey: Survey, locale: str, question: int = 0) -> int | None:
    reading = read(word, AskedQuestion(survey, survey.questions[question].id, locale), load_lexicon())
    return reading.value if isinstance(reading, Chosen) else None


@pytest.mark.parametrize(
    ("word", "value"),
    [
        *(("非常满意", 5), ("非常滿意", 5), ("great", 5), ("满意", 4), ("不錯", 4), ("good", 4)),
        *(("一般", 3), ("还行", 3), ("ok", 3), ("不满意", 2), ("poor", 2)),
        *(("差评", 1), ("糟糕", 1), ("terrible", 1)),
    ],
)
def test_after_service_knows_what_people_say_for_a_rating(word: str, value: int) -> None:
    assert {_rating(word, ALL["after_service"], locale) for locale in LOCALES} == {value}


@pytest.mark.some(4)
@pytest.mark.parametrize("survey", ALL.values(), ids=ALL)
def test_each_word_of_a_shipped_survey_is_understood_in_each_language(survey: Survey) -> None:
    labels = [(label, point) for words in survey.scale.labels.values() for point, label in words.items()]
    said = [*labels, *survey.words.items()]
    misread = [word for word, point in said for locale in LOCALES if _rating(word, survey, locale) != point]
    assert misread == []


@pytest.mark.row("S0-28")
def test_a_file_becomes_the_survey_that_it_describes() -> None:
    labels = {"zh-Hans": {1: "差", 5: "好"}, "en": {1: "bad", 5: "good"}}
    scale = Scale(1, 5, labels)
    assert read_survey(SMALL) == Survey(
        "small",
        1,
        {"zh-Hans": "小问卷", "en": "Small survey"},
        scale,
        (
            Question("speed", {"zh-Hans": "速度", "en": "Speed"}, {"zh-Hans": "快不快", "en": "How fast"}),
            Question("care", {"zh-Hans": "态度", "en": "Care"}, {"zh-Hans": "好不好", "en": "How kind"}),
        ),
        RemarkRule(2, 1),
        {"nice": 4},
        AlertRule(Fraction(1), Fraction(5, 2), (), scale),
    )


@pytest.mark.parametrize(("highest", "at_or_below"), [(5, 3), (10, 5), (7, 4), (3, 2)])
def test_without_a_remark_rule_people_are_asked_why_in_the_lower_half(
    highest: int, at_or_below: int, tmp_path: Path
) -> None:
    text = SMALL.read_text("utf-8").replace("[remark]\nat_or_below = 2\nat_most = 1\n", "")
    text = text.replace("highest = 5", f"highest = {highest}").replace("5 = ", f"{highest} = ").replace("4 = ", "2 = ")
    (tmp_path / "small.toml").write_text(text, "utf-8")
    assert read_survey(tmp_path / "small.toml").remark == RemarkRule(at_or_below, 2)


@pytest.mark.row("S0-24", "S4-04")
def test_an_owners_survey_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "surveys").mkdir()
    own = SMALL.read_text("utf-8").replace('"small"', '"after_service"').replace("version = 1", "version = 2")
    (tmp_path / "surveys" / "mine.toml").write_text(own, "utf-8")
    (tmp_path / "surveys" / "small.toml").write_text(SMALL.read_text("utf-8"), "utf-8")
    surveys = read_surveys(tmp_path)
    assert set(surveys) == {*ALL, "small"}
    assert surveys["after_service"].key == ("after_service", 2)
    assert surveys["ten_point"] == ALL["ten_point"]


def test_an_owner_without_surveys_has_the_shipped_ones(tmp_path: Path) -> None:
    assert read_surveys(tmp_path) == ALL


def test_a_default_survey_that_is_not_there_is_named_with_what_was_meant() -> None:
    assert find_survey(ALL, "ten_point", "huifang.toml") == ALL["ten_point"]
    with pytest.raises(ConfigError) as error:
        find_survey(ALL, "after_servce", "huifang.toml")
    expected = "huifang.toml: survey.default: There is no survey 'after_servce'. Did you mean after_service?"
    assert str(error.value) == expected
