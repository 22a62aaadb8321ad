"""When a complaint, an enquiry or a request is finished, its customer is asked about the whole of it."""

import pytest

from tests.support.web.service import Service

BY_KIND = """
[[rules]]
name = "complaints"
categories = ["complaint"]
survey = "ten_point"

[[rules]]
name = "everything_else"
"""


@pytest.mark.parametrize(
    ("category", "rule", "survey"),
    [
        ("complaint", "complaints", "ten_point"),
        ("enquiry", "everything_else", "after_service"),
        ("request", "everything_else", "after_service"),
        ("", "everything_else", "after_service"),
    ],
)
@pytest.mark.row("S2-01")
async def test_every_kind_of_ticket_is_asked_about(service: Service, category: str, rule: str, survey: str) -> None:
    await service.rules(BY_KIND)
    assert (await service.closes("1", category=category or None))["status"] == "scheduled"
    stored = (await service.explained("1"))["invitation"]
    assert (stored["rule"], stored["survey"]) == (rule, survey)
