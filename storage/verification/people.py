"""Checks of erasure: nothing of an erased person is left, in whatever table."""

from storage.model.service_details import PERSONAL_DETAILS
from storage.verification.check import PromiseCheck

__all__ = ["ERASURE_CHECKS"]

_PROMISE = "Nothing of an erased person is left"
_ADVICE = "Erase this customer again (huifang customer forget)."


def _left(table: str, row: str, customer: str, what: str) -> PromiseCheck:
    query = f"""
        SELECT {row} FROM {table} x
        WHERE {customer} IN (SELECT stands_for FROM tombstones WHERE stands_for <> '') AND ({what})
    """  # noqa: S608 (our own words)
    return PromiseCheck(_PROMISE, table, query, _ADVICE)


_DETAILS = " OR ".join(f"""x.details LIKE '%"{name}":%'""" for name in PERSONAL_DETAILS)

ERASURE_CHECKS = (
    _left("customers", "x.id", "x.id", "x.name <> '' OR x.tier <> ''"),
    _left("contacts", "x.customer", "x.customer", "TRUE"),
    _left("tokens", "x.hash", "x.customer", "TRUE"),
    _left("tickets", "x.source || '/' || x.id", "x.customer", f"x.subject <> '' OR {_DETAILS}"),
    _left("closings", "x.source || '/' || x.ticket || '/' || x.number", "x.customer", "x.tier <> ''"),
    _left("interviews", "x.id", "x.customer", "x.chat <> '' OR x.comment IS NOT NULL OR x.said <> '[]'"),
    _left("requests", "x.id", "x.customer", "x.chat <> ''"),
    _left("outbox", "x.id", "x.customer", "x.chat <> ''"),
    PromiseCheck(
        _PROMISE,
        "prompts",
        """
        SELECT p.message FROM prompts p JOIN outbox m ON m.id = p.message
        WHERE m.customer IN (SELECT stands_for FROM tombstones WHERE stands_for <> '')
            AND PARSED(p.body) ->> 'text' <> ''
        """,
        _ADVICE,
    ),
    PromiseCheck(
        _PROMISE,
        "answer_logs",
        """
        SELECT a.response || '/' || a.number FROM answer_logs a JOIN interviews n ON n.id = a.response
        WHERE a.text IS NOT NULL AND n.customer IN (SELECT stands_for FROM tombstones WHERE stands_for <> '')
        """,
        _ADVICE,
    ),
    PromiseCheck(
        _PROMISE,
        "issue_events",
        """
        SELECT e.issue || '/' || e.number FROM issue_events e
        WHERE e.event IN ('customer_wrote', 'answered') AND e.text IS NOT NULL
            AND EXISTS (SELECT 1 FROM issue_customers c WHERE c.issue = e.issue)
            AND NOT EXISTS (
                SELECT 1 FROM issue_customers c WHERE c.issue = e.issue
                    AND c.customer NOT IN (SELECT stands_for FROM tombstones WHERE stands_for <> ''))
        """,
        _ADVICE,
    ),
)
