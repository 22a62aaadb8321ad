"""Uses of the database by raters and those who send them links, for the places that are made to fail."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.handlers.rater_links import RaterLink
from bot.signed_links import LinkPurpose
from config.forms.load import read_forms
from dialogs.forms.model import RaterRole

__all__ = ["RATING_USES"]

RATED: Any = {"form": "department", "subject": "x", "period": "2026-01", "role": "superior", "rater": "y"}
SENT = {f"v.{item.id}": "4" for item in read_forms()["department"].items} | {"do": "send"}
ADDED: Any = {"form": "department", "subject": "x", "period": "2026-01", "points": 5, "reason": "表彰", "by": "y"}


PICTURE = Path(__file__).parents[3] / "docs" / "pictures" / "sandbox-digest.png"
RATER = RaterLink("department", "x", "2026-01", RaterRole.SUPERIOR, "y")
SHOWING = RaterLink("gbt_27922_part", "x", "2026-01", RaterRole.AUDITOR, "y")
SHOWN = {f"f.{read_forms()[SHOWING.form].items[0].id}": ("a.png", PICTURE.read_bytes())}


def _page(desk: Any, link: RaterLink = RATER) -> str:  # noqa: ANN401 (the desk of the uses)
    services = desk.container.services
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
    "upload evidence": lambda desk: desk.command("assess upload", path=str(PICTURE), by="y"),
    "upload it by API": lambda desk: desk.api.post(
        "/api/v1/assessments/files?name=a.png", content=PICTURE.read_bytes()
    ),
    "send it with a rater's page": lambda desk: desk.api.post(_page(desk, SHOWING), files=SHOWN, data={"do": "edit"}),
    "look for a rater's file": lambda desk: desk.api.get(f"{_page(desk, SHOWING)}/files/file_none"),
    "list the files of a sheet": lambda desk: desk.container.services.reader.assessments.files("asm_none"),
    "fetch one": lambda desk: desk.command("assess fetch", assessment="asm_none", file="file_none"),
    "fetch it by API": lambda desk: desk.call("GET", "assessments/asm_none/files/file_none"),
    "note a backup": lambda desk: desk.command("backup note", file="/somewhere", rows=1),
    "take results out": lambda desk: desk.command("export begin", folder="/somewhere", kinds=["results"]),
    "tell somebody's score": lambda desk: desk.command("score", subject="department:x", period="2026-01"),
}
"""What each of them is called, and does with a process."""
