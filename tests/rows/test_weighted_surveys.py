"""Weights, sections and grades of surveys: what a file has to say, and what comes of the answers."""

import io
from pathlib import Path

import pytest

from bot.cli import main
from config.surveys.load import SHIPPED, read_surveys
from tests.support.web.service import Service

WEIGHTED = Path(__file__).parents[1] / "config" / "surveys" / "weighted_survey.toml"


def checked(path: Path, capsys: pytest.CaptureFixture[str], *, well: bool) -> str:
    """Return what `survey check` prints of a file, and hold it to its exit code."""
    assert main(["survey", "check", str(path)]) == (0 if well else 1)
    said = capsys.readouterr()
    return said.out if well else said.err


def written(folder: Path, old: str, new: str) -> Path:
    """Write the weighted survey with one thing changed."""
    text = WEIGHTED.read_text("utf-8")
    assert old in text
    path = folder / "weighted.toml"
    path.write_text(text.replace(old, new), "utf-8")
    return path


@pytest.mark.row("S1-04", "S2-06")
@pytest.mark.parametrize(
    ("weight", "problem"),
    [("41.6", "The weights add up to 75, 25 missing."), ("76.6", "The weights add up to 110, 10 too many.")],
)
def test_weights_that_do_not_add_up_to_100_are_refused_with_what_is_missing(
    weight: str, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert problem in checked(written(tmp_path, "weight = 66.6", f"weight = {weight}"), capsys, well=False)


@pytest.mark.row("S1-04", "S2-06")
def test_weights_of_100_are_taken_and_weigh_the_dimensions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checked(written(tmp_path, 'id = "weighted"', 'id = "mine"'), capsys, well=True)
    monkeypatch.setattr("sys.stdin", io.StringIO("不合理\n3\n3\n跳过\n"))
    assert main(["survey", "try", str(WEIGHTED)]) == 0
    assert "价格: 11.13 of 33.4\n  活儿: 66.6 of 66.6\n  total 77.73 of 100: 良好" in capsys.readouterr().out


@pytest.mark.row("S0-29", "S1-19")
async def test_the_customer_form_has_scores_of_its_two_sections(service: Service) -> None:
    solving = read_surveys()["customer_5"].questions[3:]
    assert [question.name["zh-Hans"] for question in solving] == ["解决速度", "解决效果"]
    await service.closes("1", "mei", person={"contacts": [{"channel": "sandbox", "address": "phone-mei"}]})
    await service.api.post("/api/v1/tickets/desk/1/survey", json={"survey": "customer_5"})
    await service.passes(service.now - service.now)
    for words in ("5", "5", "4", "2", "修了三天", "4", "跳过"):
        await service.says(words, "phone-mei")
    (response,) = (await service.api.get("/api/v1/responses")).json()["items"]
    assert response["status"] == "completed"
    sections = {one["section"]: (one["name"], one["weight"], one["score"]) for one in response["sections"]}
    assert sections["solving"] == ("解决问题", 40.0, 24.0)
    assert len(sections) == 2
    remarks = {answer["question"]: answer["text"] for answer in response["answers"]}
    assert remarks["solving_speed"] == "修了三天"


@pytest.mark.row("S1-67")
def test_the_e_commerce_form_asks_for_response_satisfaction_speed_and_expertise(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = read_surveys()["e_commerce"]
    measures = {question.measures for question in survey.questions}
    assert {"reply_speed", "overall", "solving_speed", "professionalism"} <= measures
    monkeypatch.setattr("sys.stdin", io.StringIO("5\n" * len(survey.questions) + "跳过\n"))
    assert main(["survey", "try", str(SHIPPED / "e_commerce.toml")]) == 0
    assert "= completed" in capsys.readouterr().out


@pytest.mark.row("S0-04")
@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("survey", sorted(read_surveys().keys() - {"anonymous_pulse"}))
def test_the_points_of_a_scale_have_words_of_their_own_in_each_survey_and_language(
    survey: str, locale: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    main(["survey", "try", str(SHIPPED / f"{survey}.toml"), "--locale", locale])
    said = capsys.readouterr().out
    asked = read_surveys()[survey]
    scale = asked.scale_of(asked.questions[0].id)
    assert all(f"{end} {scale.label(end, locale)}" in said for end in (scale.lowest, scale.highest))
