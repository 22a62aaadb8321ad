"""`/openapi.json` describes every route, its key, its problems; and tells nothing that is not there."""

from typing import Any

import pytest
from fastapi.routing import APIRoute

from bot.http.api import customers, issues, responses, tickets
from bot.http.api.strict_route import api_router
from bot.http.scopes import ROUTE_SCOPES

PUBLISHED = {
    "/api/v1/tickets/{source}/{ticket}": {"put", "get"},
    "/api/v1/tickets/{source}/{ticket}/survey": {"post"},
    "/api/v1/tickets/{source}/{ticket}/survey/explain": {"get"},
    "/api/v1/tickets/{source}/{ticket}/verdict": {"get"},
    "/api/v1/codes": {"post"},
    "/api/v1/customers/{customer}": {"get", "delete"},
    "/api/v1/customers/{customer}/links": {"post"},
    "/api/v1/requests": {"get"},
    "/api/v1/responses": {"get", "post"},
    "/api/v1/responses/exclusions": {"get"},
    "/api/v1/responses/{response}/exclusion": {"post"},
    "/api/v1/responses/{response}/exclusion/{step}": {"post"},
    "/api/v1/responses/{response}/explain": {"get"},
    "/api/v1/surveys/{survey}/anonymous": {"get"},
    "/api/v1/surveys/{survey}/course": {"get"},
    "/api/v1/issues": {"get", "post"},
    "/api/v1/issues/{issue}": {"get"},
    "/api/v1/issues/{issue}/claim": {"post"},
    "/api/v1/issues/{issue}/assign": {"post"},
    "/api/v1/issues/{issue}/release": {"post"},
    "/api/v1/issues/{issue}/resolve": {"post"},
    "/api/v1/issues/{issue}/judge": {"post"},
    "/api/v1/issues/{issue}/reopen": {"post"},
    "/api/v1/issues/{issue}/merge": {"post"},
    "/api/v1/issues/{issue}/progress": {"post"},
    "/api/v1/issues/{issue}/ask": {"post"},
    "/api/v1/audit": {"get"},
    "/api/v1/assessments": {"get", "post"},
    "/api/v1/assessments/adjustments": {"post"},
    "/api/v1/assessments/files": {"post"},
    "/api/v1/assessments/links": {"post"},
    "/api/v1/assessments/{assessment}/files": {"get"},
    "/api/v1/assessments/{assessment}/files/{file}": {"get"},
    "/api/v1/assessments/{assessment}/finding": {"post"},
    "/api/v1/assessments/results": {"get"},
    "/api/v1/findings": {"get", "post"},
    "/api/v1/findings/{finding}": {"get"},
    **{
        f"/api/v1/findings/{{finding}}/{step}": {"post"}
        for step in ("measure", "done", "verify", "wait", "tell", "dismiss")
    },
    "/api/v1/webhooks": {"get", "post"},
    "/api/v1/webhooks/{endpoint}": {"get", "put", "delete"},
    "/api/v1/webhooks/{endpoint}/rotate": {"post"},
    "/api/v1/webhooks/{endpoint}/test": {"post"},
    "/api/v1/webhooks/{endpoint}/deliveries": {"get"},
    "/api/v1/webhooks/{endpoint}/deliveries/{delivery}/replay": {"post"},
    "/api/v1/webhooks/{endpoint}/deliveries/{delivery}/drop": {"post"},
    "/api/v1/campaigns": {"get", "post"},
    "/api/v1/campaigns/{campaign}": {"get"},
    "/api/v1/campaigns/{campaign}/preview": {"post"},
    "/api/v1/campaigns/{campaign}/start": {"post"},
    "/api/v1/campaigns/{campaign}/pause": {"post"},
    "/api/v1/campaigns/{campaign}/resume": {"post"},
    "/api/v1/campaigns/{campaign}/cancel": {"post"},
    "/api/v1/inbox": {"get"},
    "/api/v1/inbox/retry": {"post"},
    "/api/v1/inbox/{delivery}": {"get", "delete"},
    "/api/v1/inbox/{delivery}/retry": {"post"},
    "/api/v1/metrics": {"get"},
    "/api/v1/metrics/charts": {"get"},
    "/api/v1/metrics/targets": {"get"},
    "/api/v1/reports/summary": {"get"},
    "/api/v1/surveys/{survey}/answers": {"get"},
    "/api/v1/reports/explain": {"get"},
    "/api/v1/reports/trend": {"get"},
    "/api/v1/reports/documents/{kind}": {"get"},
    "/api/v1/reports/archive": {"get", "post"},
    "/api/v1/reports/archive/{report}": {"get"},
    "/api/v1/reports/archive/{report}/{format}": {"get"},
    "/api/v1/reports/archive/{report}/link": {"post"},
    "/api/v1/reports/archive/{report}/revoke": {"post"},
    "/api/v1/reports/schedules": {"get"},
    "/api/v1/reports/runs/{run}/confirm": {"post"},
    "/api/v1/reports/review": {"get"},
    "/api/v1/reports/sample": {"get"},
    "/api/v1/reports/cases": {"get"},
    "/api/v1/reports/calls": {"get"},
    "/api/v1/reports/comparison": {"get"},
    "/api/v1/metrics/answers": {"get"},
    "/api/v1/metrics/interval": {"get"},
    "/api/v1/text/phrases": {"get"},
    "/api/v1/text/proposals": {"get"},
    "/api/v1/text/map": {"post"},
    "/api/v1/text/ignore": {"post"},
    "/api/v1/text/unmap": {"post"},
    "/api/v1/entries": {"get", "post"},
    "/api/v1/reports/quadrants": {"get"},
    "/api/v1/scores/{subject}": {"get"},
    "/api/v1/periods": {"get"},
    "/api/v1/periods/{period}": {"get"},
    "/api/v1/periods/{period}/{about}": {"get", "post"},
    "/api/v1/periods/{period}/{about}/content": {"get"},
    "/api/v1/imports": {"get", "post"},
    "/api/v1/imports/{import}": {"get"},
    "/api/v1/imports/{import}/errors": {"get"},
    "/api/v1/imports/{import}/undo": {"post"},
    "/hooks/tickets": {"post"},
    "/hooks/tickets/{connector}": {"post"},
    "/api/v1/deliveries": {"get"},
    "/api/v1/deliveries/{delivery}/replay": {"post"},
    "/hooks/telegram": {"post"},
    "/hooks/wechat": {"get", "post"},
    "/healthz": {"get"},
    "/readyz": {"get"},
}


AS_THEY_ARE = {"/api/v1/imports", "/api/v1/assessments/files"}
"""Where a file is the body."""


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, verb, one) for path, verbs in document["paths"].items() for verb, one in verbs.items()]


async def test_every_promised_route_is_described_and_no_other(document: dict[str, Any]) -> None:
    described: dict[str, set[str]] = {}
    for path, verb, _ in operations(document):
        described.setdefault(path, set()).add(verb)
    assert described == PUBLISHED


async def test_every_route_of_the_api_is_described(document: dict[str, Any]) -> None:
    for module in (tickets, customers, responses, issues):
        for route in module.router.routes:
            assert isinstance(route, APIRoute)
            path = route.path.replace(":path", "")
            assert {method.lower() for method in route.methods or ()} <= document["paths"][path].keys()


async def test_the_api_wants_a_key_and_answers_problems(document: dict[str, Any]) -> None:
    scheme = document["components"]["securitySchemes"]["HTTPBearer"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for path, verb, operation in operations(document):
        if path.startswith("/api/v1"):
            scopes = [str(scope) for scope in ROUTE_SCOPES[f"{verb.upper()} {path}"]]
            assert operation["security"] == [{"HTTPBearer": [scope]} for scope in scopes], (path, verb)
            assert {"401", "403", "422", "429", "503"} <= operation["responses"].keys(), (path, verb)
        for status, answer in operation["responses"].items():
            if status >= "400" and path != "/readyz":
                schema = answer["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}, (path, status)


async def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(part: object) -> list[str]:
        if isinstance(part, dict):
            here = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return here + [found for inner in part.values() for found in references(inner)]
        return [found for inner in part for found in references(inner)] if isinstance(part, list) else []

    schemas = document["components"]["schemas"]
    assert {reference.rpartition("/")[2] for reference in references(document)} <= schemas.keys()
    assert "HTTPValidationError" not in schemas


async def test_every_operation_says_what_it_is_for(document: dict[str, Any]) -> None:
    for path, verb, operation in operations(document):
        assert operation.get("description") or operation.get("summary"), (path, verb)
        assert "Raises" not in operation.get("description", ""), (path, verb)  # who calls it sees no exceptions
        if verb in {"put", "post"} and path.startswith("/api/v1"):
            kind = "application/octet-stream" if path in AS_THEY_ARE else "application/json"
            assert kind in operation["requestBody"]["content"], (path, verb)


async def test_each_route_of_the_api_has_its_scope_and_the_table_has_no_other(document: dict[str, Any]) -> None:
    routes = {f"{verb.upper()} {path}" for path, verb, _ in operations(document) if path.startswith("/api/v1")}
    assert routes == set(ROUTE_SCOPES)


def test_a_route_without_a_scope_cannot_be_made() -> None:
    with pytest.raises(KeyError, match="GET /api/v1/things"):
        api_router("things").get("")(list)
