"""Uses of the database by raters and those who send them links, for the places that are made to fail."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.handlers.rater_links import RaterLink
from bot.signed_links import LinkPurpose
from config.forms.load import read_forms
from dialogs.forms.model import RaterRole

__all__ = ["RATING_USES"]

RATED: Any = {"form": "department", "subject": "x", "period": "2026-01", "role": "superior", "rater": "y"}
SENT = {f"v.{item.id}": "4" for item in read_forms()["department"].items} | {"do": "send"}
ADDED: Any = {"form": "department", "subject": "x", "period": "2026-01", "points": 5, "reason": "表彰", "by": "y"}


def _page(desk: Any) -> str:  # noqa: ANN401 (the desk of the uses)
    link, services = RaterLink("department", "x", "2026-01", RaterRole.SUPERIOR, "y"), desk.container.services
    expires_at = services.clock.now() + timedelta(days=1)
    return f"/f/{services.receiver.policy.links.token(LinkPurpose.RATER, link.text, expires_at)}"


RATING_USES: Mapping[str, Callable[[Any], Awaitable[object]]] = {
    "make a rater's link": lambda desk: desk.command("assess link", **RATED),
    "make it by API": lambda desk: desk.call("POST", "assessments/links", RATED),
    "look at a rater's page": lambda desk: desk.api.get(_page(desk)),
    "send a rater's page": lambda desk: desk.api.post(_page(desk), data=SENT),
    "add to a result": lambda desk: desk.command("assess adjust", **ADDED),
    "add to it by API": lambda desk: desk.call("POST", "assessments/adjustments", ADDED),
    "follow a sheet": lambda desk: desk.command("finding from-sheet", sheet="asm_none", by="y"),
    "follow it by API": lambda desk: desk.call("POST", "assessments/asm_none/finding", {"by": "y"}),
    "note a backup": lambda desk: desk.command("backup note", file="/somewhere", rows=1),
    "take results out": lambda desk: desk.command("export begin", folder="/somewhere", kinds=["results"]),
    "tell somebody's score": lambda desk: desk.command("score", subject="department:x", period="2026-01"),
}
"""What each of them is called, and does with a process."""
