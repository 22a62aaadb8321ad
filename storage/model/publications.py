"""Published periods: figures or scores as they were published, with who did so and what they rest on."""

from datetime import datetime
from hashlib import sha256

from dialogs.ids import derive
from scoring.metrics.fact_changes import FactChange, FactTally
from scoring.values import Value

__all__ = ["Publication", "content_digest", "publication_id"]


class Publication(Value):
    """The `number`-th revision of what was published `about` a period; never changed.

    `about` is `figures`, or the id of the form whose scores it holds. `content` is what was published, as JSON text to
    the byte; `digest` its SHA-256, `inputs_digest` that of what it was computed from, `tally` the counts of that.
    `asked` are the cuts or the subjects, `metrics` those asked for, empty for all. `rules` is the version of the rules
    by which it was computed, `rules_from` the day from which they hold. `changes` say what happened since the revision
    before, `reason` why this one was published.
    """

    id: str
    about: str
    period: str
    number: int
    since: datetime
    until: datetime
    timezone: str
    asked: tuple[str, ...]
    metrics: tuple[str, ...]
    locale: str
    by: str
    at: datetime
    content: str = ""
    digest: str = ""
    tally: FactTally = FactTally()
    inputs_digest: str = ""
    rules: str = ""
    rules_from: str = ""
    reason: str = ""
    changes: tuple[FactChange, ...] = ()


def publication_id(about: str, period: str, number: int) -> str:
    """Return the id of a revision: there is one of each number."""
    return derive("pub", about, period, number)


def content_digest(content: str) -> str:
    """Return the SHA-256 of what was published, in hex."""
    return sha256(content.encode()).hexdigest()
