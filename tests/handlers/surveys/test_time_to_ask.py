"""The time to ask is within 24 hours after the service ended, or the end of the month on the owner's clock."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
from config.surveys.load import SHIPPED, read_surveys
from scoring.values import replace
from tests.support.web.service import Service

MONTH_END = """
[[rules]]
name = "after_two_hours"
delay = "2h"

[[calendar]]
name = "month_end"
when = "monthly last 10:00"
timezone = "Asia/Shanghai"
survey = "callback"
[calendar.audience]
closed_within = "31d"
"""


@pytest.mark.row("S2-05")
async def test_a_closing_is_asked_about_after_the_delay_and_within_a_day(service: Service) -> None:
    await service.rules(MONTH_END)
    await service.closes("1")
    await service.passes(timedelta(days=1))
    (asked,) = await service.asks()
    assert asked.sent_at is not None
    assert asked.sent_at - asked.closed_at == timedelta(hours=2)


@pytest.mark.row("S2-05")
async def test_the_months_customers_are_asked_on_its_last_day(service: Service) -> None:
    await service.rules(MONTH_END)
    await service.closes("1", "mei")
    await service.passes(timedelta(days=45))
    occasions = [one.occasion.partition("@")[2] for one in await service.asks() if one.occasion]
    assert occasions == ["2026-11-30T02:00:00Z"]


@pytest.mark.row("S2-05")
@pytest.mark.parametrize("about", ["person", "team", "process", "policy"])
async def test_what_a_survey_is_about_is_a_field_of_its_file(service: Service, about: str) -> None:
    own = (SHIPPED / "callback.toml").read_text("utf-8").replace("version = ", f'about = "{about}"\nversion = ')
    (service.folder / "surveys").mkdir()
    (service.folder / "surveys" / "callback.toml").write_text(own, "utf-8")
    receiver = service.house.web.receiver
    survey = read_surveys(service.folder)["callback"]
    receiver.adopt(replace(receiver.policy, surveys={survey.key: survey}, current={"callback": survey.version}))
    assert (await service.api.get("/api/v1/surveys/callback/answers")).json()["about"] == about


@pytest.mark.row("S2-05")
def test_a_survey_about_anything_else_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (SHIPPED / "callback.toml").read_text("utf-8").replace("version = ", 'about = "weather"\nversion = ')
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    assert main(["survey", "check", str(tmp_path / "mine.toml")]) == 1
    assert (
        "about: 'weather' is not possible here. Write person or team or process or policy." in capsys.readouterr().err
    )
