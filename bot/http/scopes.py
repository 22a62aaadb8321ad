"""Which key may call which route of the API: the one place that says it. A key of the scope `admin` may call all."""

from collections.abc import Collection, Mapping

from config.values.key_scopes import KeyScope
from scoring.values import Value

__all__ = ["ROUTE_SCOPES", "ApiKey", "scopes_for"]

_READ = (KeyScope.READ,)
_TICKETS = (KeyScope.TICKETS,)
_EITHER = (KeyScope.READ, KeyScope.TICKETS)
_ADMIN = (KeyScope.ADMIN,)

ROUTE_SCOPES: Mapping[str, tuple[KeyScope, ...]] = {
    "PUT /api/v1/tickets/{source}/{ticket}": _TICKETS,
    "GET /api/v1/tickets/{source}/{ticket}": _EITHER,  # what is written is answered with the whole ticket anyway
    "POST /api/v1/tickets/{source}/{ticket}/survey": _TICKETS,
    "GET /api/v1/tickets/{source}/{ticket}/survey/explain": _READ,
    "GET /api/v1/tickets/{source}/{ticket}/verdict": _READ,
    "POST /api/v1/customers/{customer}/links": _TICKETS,
    "POST /api/v1/codes": _ADMIN,
    "GET /api/v1/customers/{customer}": _READ,
    "DELETE /api/v1/customers/{customer}": _ADMIN,
    "GET /api/v1/requests": _READ,
    "GET /api/v1/responses": _READ,
    "POST /api/v1/responses": _ADMIN,
    "GET /api/v1/responses/{response}/explain": _READ,
    "GET /api/v1/responses/exclusions": _READ,
    "POST /api/v1/responses/{response}/exclusion": _ADMIN,
    "POST /api/v1/responses/{response}/exclusion/{step}": _ADMIN,
    "GET /api/v1/surveys/{survey}/anonymous": _READ,
    "GET /api/v1/surveys/{survey}/course": _READ,
    "GET /api/v1/issues": _READ,
    "POST /api/v1/issues": _ADMIN,
    "GET /api/v1/issues/{issue}": _READ,
    "POST /api/v1/issues/{issue}/claim": _ADMIN,
    "POST /api/v1/issues/{issue}/assign": _ADMIN,
    "POST /api/v1/issues/{issue}/release": _ADMIN,
    "POST /api/v1/issues/{issue}/resolve": _ADMIN,
    "POST /api/v1/issues/{issue}/judge": _ADMIN,
    "POST /api/v1/issues/{issue}/reopen": _ADMIN,
    "POST /api/v1/issues/{issue}/merge": _ADMIN,
    "POST /api/v1/issues/{issue}/progress": _ADMIN,
    "POST /api/v1/issues/{issue}/ask": _ADMIN,
    "GET /api/v1/metrics": _READ,
    "GET /api/v1/metrics/targets": _READ,
    "GET /api/v1/metrics/charts": _READ,
    "GET /api/v1/metrics/interval": _READ,
    "GET /api/v1/metrics/answers": _READ,
    "GET /api/v1/reports/summary": _READ,
    "GET /api/v1/reports/comparison": _READ,
    "GET /api/v1/reports/calls": _READ,
    "GET /api/v1/surveys/{survey}/answers": _READ,
    "GET /api/v1/reports/trend": _READ,
    "GET /api/v1/reports/documents/{kind}": _READ,
    "GET /api/v1/reports/archive": _READ,
    "POST /api/v1/reports/archive": _ADMIN,
    "GET /api/v1/reports/archive/{report}": _READ,
    "GET /api/v1/reports/archive/{report}/{format}": _READ,
    "POST /api/v1/reports/archive/{report}/link": _ADMIN,  # who has the link reads the report
    "POST /api/v1/reports/archive/{report}/revoke": _ADMIN,
    "GET /api/v1/reports/schedules": _READ,
    "POST /api/v1/reports/runs/{run}/confirm": _ADMIN,
    "GET /api/v1/reports/review": _READ,
    "GET /api/v1/reports/sample": _READ,
    "GET /api/v1/reports/cases": _READ,
    "GET /api/v1/reports/explain": _READ,
    "GET /api/v1/reports/quadrants": _READ,
    "GET /api/v1/scores/{subject}": _READ,
    "GET /api/v1/audit": _READ,
    "GET /api/v1/entries": _READ,
    "POST /api/v1/entries": _ADMIN,
    "GET /api/v1/text/phrases": _READ,
    "GET /api/v1/text/proposals": _READ,
    "POST /api/v1/text/map": _ADMIN,
    "POST /api/v1/text/ignore": _ADMIN,
    "POST /api/v1/text/unmap": _ADMIN,
    "GET /api/v1/assessments": _READ,
    "POST /api/v1/assessments": _ADMIN,
    "GET /api/v1/assessments/results": _READ,
    "POST /api/v1/assessments/adjustments": _ADMIN,
    "POST /api/v1/assessments/{assessment}/finding": _ADMIN,
    "POST /api/v1/assessments/files": _ADMIN,
    "GET /api/v1/assessments/{assessment}/files": _READ,
    "GET /api/v1/assessments/{assessment}/files/{file}": _READ,
    "POST /api/v1/assessments/links": _ADMIN,  # who has the link writes the sheet
    "GET /api/v1/periods": _READ,
    "GET /api/v1/periods/{period}": _READ,
    "GET /api/v1/periods/{period}/{about}": _READ,
    "GET /api/v1/periods/{period}/{about}/content": _READ,
    "POST /api/v1/periods/{period}/{about}": _ADMIN,
    "GET /api/v1/inbox": _ADMIN,
    "POST /api/v1/inbox/retry": _ADMIN,
    "GET /api/v1/inbox/{delivery}": _ADMIN,  # with what came, on request
    "POST /api/v1/inbox/{delivery}/retry": _ADMIN,
    "DELETE /api/v1/inbox/{delivery}": _ADMIN,
    "GET /api/v1/deliveries": _ADMIN,
    "POST /api/v1/deliveries/{delivery}/replay": _ADMIN,
    "GET /api/v1/findings": _READ,
    "POST /api/v1/findings": _ADMIN,
    "GET /api/v1/findings/{finding}": _READ,
    "POST /api/v1/findings/{finding}/measure": _ADMIN,
    "POST /api/v1/findings/{finding}/done": _ADMIN,
    "POST /api/v1/findings/{finding}/verify": _ADMIN,
    "POST /api/v1/findings/{finding}/wait": _ADMIN,
    "POST /api/v1/findings/{finding}/tell": _ADMIN,
    "POST /api/v1/findings/{finding}/dismiss": _ADMIN,
    "GET /api/v1/webhooks": _ADMIN,  # an address may hold a token
    "POST /api/v1/webhooks": _ADMIN,
    "GET /api/v1/webhooks/{endpoint}": _ADMIN,
    "PUT /api/v1/webhooks/{endpoint}": _ADMIN,
    "DELETE /api/v1/webhooks/{endpoint}": _ADMIN,
    "POST /api/v1/webhooks/{endpoint}/rotate": _ADMIN,
    "POST /api/v1/webhooks/{endpoint}/test": _ADMIN,
    "GET /api/v1/webhooks/{endpoint}/deliveries": _ADMIN,
    "POST /api/v1/webhooks/{endpoint}/deliveries/{delivery}/replay": _ADMIN,
    "POST /api/v1/webhooks/{endpoint}/deliveries/{delivery}/drop": _ADMIN,
    "GET /api/v1/imports": _READ,
    "POST /api/v1/imports": _ADMIN,
    "GET /api/v1/imports/{import}": _READ,
    "GET /api/v1/imports/{import}/errors": _ADMIN,  # with what stands in the rows
    "POST /api/v1/imports/{import}/undo": _ADMIN,
    "GET /api/v1/campaigns": _READ,
    "POST /api/v1/campaigns": _ADMIN,
    "GET /api/v1/campaigns/{campaign}": _READ,
    "POST /api/v1/campaigns/{campaign}/preview": _ADMIN,
    "POST /api/v1/campaigns/{campaign}/start": _ADMIN,
    "POST /api/v1/campaigns/{campaign}/pause": _ADMIN,
    "POST /api/v1/campaigns/{campaign}/resume": _ADMIN,
    "POST /api/v1/campaigns/{campaign}/cancel": _ADMIN,
}
"""The scopes of which a key needs one, by method and path as they stand in the API's description."""


class ApiKey(Value):
    """A key as it is sent, and what it may do."""

    secret: str
    scope: KeyScope = KeyScope.ADMIN


def scopes_for(methods: Collection[str], path: str) -> tuple[KeyScope, ...]:
    """Return the scopes of a route; raises KeyError where the table does not say, so that it cannot be served."""
    (method,) = methods
    return ROUTE_SCOPES[f"{method} {path.replace(':path', '')}"]
