"""The closings and ratings that a migration makes of the sample, computed from what version 0.1 told of customers."""

from collections.abc import Iterator
from typing import Any

__all__ = ["facts_of"]

_Json = dict[str, Any]
_HIGHEST = {"ten_point": 10}
"""The scale's highest value, where that is not 5."""
_OF_TICKET = ("opened_at", "first_replied_at", "appointment_at", "product", "category", "tags")
_OF_ASK = ("source", "ticket", "customer", "closed_at", "agent_id", "agent_name", "team")
_NO_TIMES = ("requested_at", "assigned_at", "onsite_at", "solved_at")
_NO_TEXTS = ("station", "area", "service_type", "source_channel", "contract", "contact_key")


def facts_of(kept: _Json) -> _Json:
    """Return the closings of a customer and the ratings given about them, as their copy lists them."""
    ratings = sorted(_ratings(kept), key=lambda one: (one["at"], one["item"]))
    return {"closings": list(_closings(kept)), "ratings": ratings}


def _closings(kept: _Json) -> Iterator[_Json]:
    tickets = {(ticket["source"], ticket["id"]): ticket for ticket in kept["tickets"]}
    caused = (ask for ask in kept["invitations"] if not ask["occasion"])
    for ask in sorted(caused, key=lambda one: str(one["closed_at"])):
        ticket = tickets[ask["source"], ask["ticket"]]
        yield (
            {name: ask[name] for name in _OF_ASK}
            | {name: ticket[name] for name in _OF_TICKET}
            | dict.fromkeys(_NO_TIMES)
            | dict.fromkeys(_NO_TEXTS, "")
            | {"number": ask["closing"], "tier": kept["customer"]["tier"]}
        )


def _ratings(kept: _Json) -> Iterator[_Json]:
    asked = {ask["id"]: ask for ask in kept["invitations"]}
    for interview in kept["interviews"]:
        ask, (survey, number) = asked[interview["invitation"]], interview["survey"]
        is_withdrawn = interview["state"] == "withdrawn"
        for answer in () if survey == "anonymous_pulse" else interview["answers"]:
            yield {name: ask[name] for name in ("source", "ticket", "closing")} | {
                "response": interview["id"],
                "item": answer["question"],
                "survey": survey,
                "survey_number": number,
                "dimension": answer["question"],
                "value": answer["value"],
                "lowest": 1,
                "highest": _HIGHEST.get(survey, 5),
                "at": answer["at"],
                "channel": interview["channel"],
                "status": "excluded" if is_withdrawn else "counted",
                "reason": "reopened" if is_withdrawn else None,
                "rules": 1,
                "importance": 0,
            }
