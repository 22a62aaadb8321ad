"""A filled database of version 0.1 is migrated, and tells what it told before."""

import json
from pathlib import Path
from typing import Any

from bot.handlers.common.tombstones import is_anonymous
from tests.storage.migrations.answers import answers_of, messages_of, reports_of, wakes_of, without_overtaken
from tests.storage.migrations.facts import facts_of
from tests.storage.migrations.sample import SAMPLE
from tests.support.commands import huifang
from tests.support.process import product_at
from tests.support.web.tickets import NO_DETAILS

EXPECTED: dict[str, Any] = json.loads((SAMPLE / "expected.json").read_text("utf-8"))
REPORTED: dict[str, str] = json.loads((SAMPLE / "reported.json").read_text("utf-8"))
"""The reports as they are told since: placed by the closing, up to the moment of asking, nothing of fewer than five.
An answer to a closing that was taken back before the interview had ended does not count either; whoever completed an
anonymous survey has answered, and an issue that was resolved at once was taken by that.

Version 0.1 also counted the issue about the alert word `价格≤100` as a low score, for the sign in it. It is none.
"""


OF_CUSTOMERS: dict[str, Any] = {"phone": "", "email": "", "postal_address": ""}
OF_TICKETS: dict[str, Any] = {"url": "", "open_since": None, "details": {}, "imported": ""}
_UNJUDGED = dict.fromkeys(("verdict", "category", "remedy", "at", "check_by")) | {"why": "", "by": ""}
_UNJUDGED |= {"cause": "", "verification": ""}
OF_ISSUES: dict[str, Any] = {"claimed_at": None, "judgement": _UNJUDGED}
OF_INTERVIEWS: dict[str, Any] = {"said": [], "undo": [], "above": None, "doubted": "", "flags": [], "exclusion": None}
OF_INTERVIEWS |= {"comment_begins": 0}
OF_INVITATIONS: dict[str, Any] = {"entered_by": ""}
OF_ANSWERS: dict[str, Any] = {"begins": 0, "importance": None, "declines": False, "clarification": None}
"""Fields that came later."""
ERASED = "客户已删除资料"
"""How whoever was erased is called since."""


def with_later_fields(customers: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of customers of version 0.1 with the fields that came later, which are empty."""

    def told(kept: dict[str, Any]) -> dict[str, Any]:
        tickets = [ticket | OF_TICKETS for ticket in kept["tickets"]]
        kept = kept | {"issues": list(map(_quoting, kept["issues"]))}
        issues = [issue | OF_ISSUES for issue in kept["issues"]]
        interviews = list(map(_interview, kept["interviews"]))
        invitations = [invitation | OF_INVITATIONS for invitation in kept["invitations"]]
        later = {"tickets": tickets, "issues": issues, "interviews": interviews, "invitations": invitations}
        return (
            {"exclusions": [], "assessments": [], "sheet_files": [], "voices": [], "readings": []}
            | facts_of(kept)
            | kept
            | later
            | {"customer": kept["customer"] | OF_CUSTOMERS | {"invited_at": None}}
        )

    return {name: told(kept) if "customer" in kept else kept for name, kept in customers.items()}


def _interview(interview: dict[str, Any]) -> dict[str, Any]:
    answers = [answer | OF_ANSWERS for answer in interview["answers"]]
    return interview | OF_INTERVIEWS | {"answers": answers}


def _answered(response: dict[str, Any]) -> dict[str, Any]:
    answers = [answer | {"importance": None, "clarification": None} for answer in response["answers"]]
    unread: dict[str, Any] = {"comment_polarity": None, "comment_dimensions": []}
    return response | {"said": [], "entered": None, "answers": answers} | unread


def _unweighed(told: dict[str, Any]) -> dict[str, Any]:
    def later(month: dict[str, Any]) -> dict[str, Any]:
        return month | {"questions": [question | {"importances": None} for question in month["questions"]]}

    return told | {"months": list(map(later, told["months"]))}


def _quoting(issue: dict[str, Any]) -> dict[str, Any]:
    """Return an issue with the customer's words apart from those of whoever opened it."""
    is_theirs = bool(issue["text"] and issue["reasons"]) and issue["kind"] != "call"
    quotes = [{"at": issue["opened_at"], "text": issue["text"]}] if is_theirs else []
    return issue | {"quotes": quotes, "text": "" if is_theirs else issue["text"]}


def with_warnings(tickets: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what version 0.1 told of tickets with the fields that came later, empty for what it had taken."""
    later = dict.fromkeys(OF_CUSTOMERS)

    def told(ticket: dict[str, Any]) -> dict[str, Any]:
        customer = ticket["customer"]
        named = {"name": ERASED} if is_anonymous(customer["id"]) else {}
        return ticket | {"customer": customer | later | named, "url": None} | NO_DETAILS

    return {name: one | {"ticket": told(one["ticket"]), "warnings": []} for name, one in tickets.items()}


async def test_everything_that_version_0_1_told_is_told_after_the_migration(
    sample_url: str, settings: dict[str, str], tmp_path: Path
) -> None:
    migrated = await huifang(tmp_path, settings, "migrate")
    assert (migrated.code, migrated.out) == (0, "The database is up to date.\n")
    told = {"messages": await messages_of(sample_url), "wakes": await wakes_of(sample_url)}
    told |= {"reports": await reports_of(sample_url)}
    async with product_at(tmp_path, settings, warm=True) as product:
        product.roles = "web"  # whoever sends or ticks would go on with the work
        await product.start()
        told |= await answers_of(product.api, EXPECTED["tickets"], EXPECTED["customers"])
    assert REPORTED.keys() == EXPECTED["reports"].keys()
    before = EXPECTED | {"reports": REPORTED, "tickets": with_warnings(EXPECTED["tickets"])}
    before |= {"responses": list(map(_answered, EXPECTED["responses"]))}
    before |= {"anonymous": _unweighed(EXPECTED["anonymous"])}
    untold = {"judgement": dict.fromkeys(_UNJUDGED)}
    before |= {"issues": [issue | untold for issue in EXPECTED["issues"]]}
    before |= {"customers": with_later_fields(await without_overtaken(sample_url, before["customers"]))}
    told, before = json.loads(json.dumps(told)), json.loads(json.dumps(before))
    assert told.keys() == before.keys()
    for name, expected in before.items():
        assert told[name] == expected, name
