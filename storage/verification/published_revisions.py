"""The checks of published periods and kept files: each is what was published or made, and revisions follow."""

import zlib
from collections.abc import Iterator
from gzip import decompress
from hashlib import sha256

from sqlalchemy.engine import Connection

from storage.model.publications import content_digest
from storage.verification.check import PromiseCheck, Violation

__all__ = ["FILE_PROMISE", "PUBLICATION_CHECKS", "UNCHANGED_PROMISE", "changed_files", "changed_publications"]

UNCHANGED_PROMISE = "What was published about a period is what its digest says"
FILE_PROMISE = "A kept file is what its hash says"
_ADVICE = "Restore it from a backup; correct nothing by hand."
_CONTENTS = "SELECT id, content, digest FROM publications ORDER BY id"

_FILES = "SELECT hash, content FROM files ORDER BY hash"

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


def changed_files(connection: Connection) -> Iterator[Violation]:
    """Yield the kept files, such as those of archived reports, whose content is not what was made."""
    for hash_, packed in connection.execution_options(yield_per=20).exec_driver_sql(_FILES):
        if _hash_of(packed) != hash_:
            yield Violation(FILE_PROMISE, "files", hash_, _ADVICE)


def _hash_of(packed: bytes) -> str:
    """Return the hash of a file's content, empty where it cannot be unpacked."""
    try:
        return sha256(decompress(packed)).hexdigest()
    except (OSError, EOFError, zlib.error):
        return ""
