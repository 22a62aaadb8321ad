"""Surveys are rolled out step by step, by team, product, or share of tickets."""

import pytest

from tests.support.web.service import Service

PILOT = '[[rules]]\nname = "pilot"\nteams = ["north"]\npilot = "{share}%"\n\n[[rules]]\nname = "rest"\nask = false\n'


async def taking_part(service: Service, team: str, kind: str) -> set[str]:
    """Close forty tickets and return those that a survey is planned for."""
    planned = set()
    for number in range(40):
        survey = await service.closes(f"{kind}-{team}-{number}", f"{kind}-{number}", team=team)
        if survey["status"] == "scheduled":
            planned.add(str(number))
        else:
            assert (survey["status"], survey["reason"]) == ("suppressed", "excluded")
    return planned


@pytest.mark.row("S1-07")
async def test_a_pilot_takes_part_by_team_and_the_rest_is_excluded_with_its_reason(service: Service) -> None:
    await service.rules(PILOT.format(share=100))
    assert len(await taking_part(service, "north", "a")) == 40
    assert await taking_part(service, "south", "b") == set()
    assert (await service.explained("b-south-1"))["because"] == "rule rest fits first and asks nobody (ask = false)"


@pytest.mark.row("S1-07")
async def test_a_pilot_takes_part_by_share(service: Service) -> None:
    await service.rules(PILOT.format(share=50))
    some = await taking_part(service, "north", "a")
    assert 8 <= len(some) <= 32
    (outside, *_) = sorted({str(number) for number in range(40)} - some)
    assert "outside its pilot share" in (await service.explained(f"a-north-{outside}"))["because"]
