"""The checks of published periods: each revision is what was published, and follows the one before."""

from collections.abc import Iterator

from sqlalchemy.engine import Connection

from storage.model.publications import content_digest
from storage.verification.check import PromiseCheck, Violation

__all__ = ["PUBLICATION_CHECKS", "UNCHANGED_PROMISE", "changed_publications"]

UNCHANGED_PROMISE = "What was published about a period is what its digest says"
_ADVICE = "Restore it from a backup; correct nothing by hand."
_CONTENTS = "SELECT id, content, digest FROM publications ORDER BY id"

PUBLICATION_CHECKS = (
    PromiseCheck(
        "A revision of a published period follows the one before, after the period is over",
        "publications",
        """
        SELECT p.id FROM publications p
        LEFT JOIN publications b ON b.about = p.about AND b.period = p.period AND b.number = p.number - 1
        WHERE p.at < p.until OR p.number < 1 OR (p.number > 1 AND (b.id IS NULL OR b.at > p.at OR p.reason = ''))
        """,
        "Restore it from a backup, or report it.",
    ),
)


def changed_publications(connection: Connection) -> Iterator[Violation]:
    """Yield the revisions whose content is not what was published."""
    for id_, content, digest in connection.execution_options(yield_per=20).exec_driver_sql(_CONTENTS):
        if content_digest(content) != digest:
            yield Violation(UNCHANGED_PROMISE, "publications", id_, _ADVICE)
