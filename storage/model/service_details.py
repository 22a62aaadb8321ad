"""What a help desk may tell of a service visit besides the ticket's columns: one compact JSON value in the row."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from scoring.values import Value, field, fields, replace

__all__ = [
    "PERSONAL_DETAILS",
    "SERVICE_DETAILS",
    "SERVICE_TIMES",
    "Rework",
    "ServiceDetails",
    "merged_details",
    "without_personal",
]

_Scalar = str | bool | int | float


class Rework(StrEnum):
    """Who found that a repair has to be done again."""

    INTERNAL = "internal"
    """Our own check, before the customer had it back."""
    EXTERNAL = "external"
    """The customer, who came back with it."""


class ServiceDetails(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """The course of a service visit and what it was about; None where nothing is known.

    `station` is the service station, `area` its area, `contract` the agreement with its terms, `service_type` such as
    `install`. `customer_signed` is whether the repair form was signed, or when; `warranty` whether the product is
    under warranty, or in the help desk's words. `stage` is the status as the help desk words it, `outcome` the way
    in which the case ended, `report_reviewed` whether the service report was reviewed, or when, and
    `contact_problem` what of the customer's contact data turned out to be false, such as the telephone number.
    `cause` and `measure` are what the fault came from and what was done about it, each one of the help desk's list;
    `resent` says that goods were sent again. `solved_first_time` is its own word. `rework` says that something
    repaired before was repaired again, and `rework_of` names the first ticket. `fields` are the help desk's own, by
    name.
    """

    requested_at: datetime | None = None
    assigned_at: datetime | None = None
    onsite_at: datetime | None = None
    solved_at: datetime | None = None
    area: str | None = None
    station: str | None = None
    contract: str | None = None
    device: str | None = None
    fault: str | None = None
    service_type: str | None = None
    source_channel: str | None = None
    order_no: str | None = None
    repair_form_no: str | None = None
    customer_signed: bool | datetime | None = None
    report_reviewed: bool | datetime | None = None
    stage: str | None = None
    outcome: str | None = None
    contact_problem: str | None = None
    warranty: bool | str | None = None
    cause: str | None = None
    measure: str | None = None
    resent: bool | None = None
    solved_first_time: bool | None = None
    rework: Rework | None = None
    rework_of: str | None = None
    fields: dict[str, _Scalar] = field(default_factory=dict)


SERVICE_DETAILS = tuple(one.name for one in fields(ServiceDetails))
SERVICE_TIMES = ("requested_at", "assigned_at", "onsite_at", "solved_at")
"""What has happened when it is reported."""

PERSONAL_DETAILS = ("device", "fault", "order_no", "repair_form_no", "fields")


def merged_details(before: ServiceDetails, said: Mapping[str, Any]) -> ServiceDetails:
    """Return the details after a report of some, by name; an empty text deletes, `fields` replace all others."""
    known: dict[str, Any] = {name: None if value == "" else value for name, value in said.items()}
    return replace(before, **known) if known else before


def without_personal(details: ServiceDetails) -> ServiceDetails:
    """Return the details without what tells of a person: their device, what they described, papers, own fields.

    Times, place, agreement and kind of service stay: figures are counted by them.
    """
    empty = ServiceDetails()
    return merged_details(details, {name: getattr(empty, name) for name in PERSONAL_DETAILS})
