"""Every field that the API shows is a column of the export: what somebody adds there cannot be forgotten here."""

from collections.abc import Iterator
from types import NoneType
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bot.cli.data.exported_columns import COLUMNS
from bot.cli.data.exported_kinds import EXPORTED_KINDS
from bot.http.api.archive.archive_json import ArchivedOut
from bot.http.api.audit import AuditEntryOut
from bot.http.api.data_requests import RequestOut
from bot.http.api.forms.sheet_requests import AdjustmentOut, SheetFileOut
from bot.http.api.improvement.finding_json import FindingOut, VerificationOut
from bot.http.api.quality.entries import EntryOut
from bot.http.api.schemas.assessment import AssessmentOut
from bot.http.api.schemas.campaign import CampaignOut
from bot.http.api.schemas.exclusion import ExclusionOut
from bot.http.api.schemas.issue import IssueOut
from bot.http.api.schemas.response import ResponseOut, TotalledResponseOut
from bot.http.api.schemas.ticket_response import TicketOut

SHOWN: dict[str, tuple[type[BaseModel], ...]] = {
    "tickets": (TicketOut,),
    "responses": (ResponseOut, TotalledResponseOut),
    "issues": (IssueOut,),
    "assessments": (AssessmentOut,),
    "assessment_files": (SheetFileOut,),
    "adjustments": (AdjustmentOut,),
    "campaigns": (CampaignOut,),
    "findings": (FindingOut,),
    "entries": (EntryOut,),
    "exclusions": (ExclusionOut,),
    "reports": (ArchivedOut,),
    "requests": (RequestOut,),
    "audit": (AuditEntryOut,),
}
ELSEWHERE = {
    "tickets": ("customer.",),  # the id alone; people are in `contacts`
    "campaigns": ("progress.",),  # whom it reached is in `campaign_targets`
    "findings": tuple(f"results.{name}." for name in VerificationOut.model_fields),
}
"""What stands in another file, or is part of a result that is told by its verdict and effect."""


def paths(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Yield the fields of a model by their path, those of its parts instead of the parts."""
    for name, field in model.model_fields.items():
        path = f"{before}{field.serialization_alias or name}"
        parts = list(_models(field.annotation))
        if not parts:
            yield path
        for part in parts:
            yield from paths(part, f"{path}.")


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 (whatever a field may be)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        if inner not in (NoneType, Ellipsis):
            yield from _models(inner)


@pytest.mark.parametrize("kind", SHOWN)
def test_every_field_that_the_api_shows_is_a_column(kind: str) -> None:
    known = COLUMNS[kind].disguises
    for model in SHOWN[kind]:
        shown = [path for path in paths(model) if not path.startswith(ELSEWHERE.get(kind, ()))]
        assert [path for path in shown if path not in known] == [], model.__name__


def test_each_kind_has_columns_and_each_column_one_name() -> None:
    assert list(EXPORTED_KINDS) == list(COLUMNS)
    for kind, columns in COLUMNS.items():
        assert len(set(columns.names)) == len(columns.names), kind
        assert {path.partition(".")[0] for path in columns.disguises} == {
            name.partition(".")[0] for name in columns.names
        }


def test_what_is_exported_and_shown_nowhere_is_described_where_it_is_made() -> None:
    assert set(EXPORTED_KINDS) - set(SHOWN) == {
        "surveys",
        "contacts",
        "issue_events",
        "results",
        "campaign_targets",
        "publications",
    }
