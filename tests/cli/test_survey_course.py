"""`huifang survey course`: a line for the survey, and one for each question."""

from pathlib import Path

import pytest

from config.surveys.load import SHIPPED
from tests.cli.conftest import Type


def test_a_survey_that_nobody_was_asked_says_so(types: Type) -> None:
    said = types("survey", "course", "ten_point")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    counts = "0 asked, 0 started, 0 completed, 0 left; no median time"
    assert lines[0] == f"ten_point version 3, the last 90 days: {counts}"
    assert lines[1] == "  response_speed: 0 reached, 0 rated, 0 skipped, 0 left here; no median time"
    assert len(lines) == 6


def test_a_survey_that_there_is_not_is_one_line(types: Type) -> None:
    said = types("survey", "course", "nothing")
    assert (said.code, said.out) == (1, "")
    assert said.err == "huifang: there is no survey 'nothing' of which single answers are kept\n"


@pytest.mark.row("S0-20")
def test_the_check_advises_against_many_ratings_and_more_than_two_minutes(types: Type) -> None:
    text = (SHIPPED / "satisfaction_4.toml").read_text("utf-8")
    head, *questions = text.split("[[questions]]")
    long = questions[0].replace("用到现在，您满意吗", "用到现在，您满意吗" * 20)
    more = [part.replace('id = "', 'id = "more_') for part in (long, questions[1], long)]
    Path("long.toml").write_text("[[questions]]".join((head, long, *questions[1:], *more[:2])), "utf-8")
    said = types("survey", "check", "long.toml")
    assert (said.code, said.err) == (0, "")
    first, misnamed, many, slow = said.out.splitlines()
    assert misnamed.startswith("long.toml: warning: its id is satisfaction_4, not long")
    assert first.endswith("8 questions")
    assert (
        many == "long.toml: warning: satisfaction_4 asks for 8 ratings; above 7 many people stop half-way. Ask fewer."
    )
    assert slow.startswith("long.toml: warning: satisfaction_4 is expected to take 2 minutes")
