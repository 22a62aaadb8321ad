"""A help desk of which everything changes at random that figures are computed from, besides its ratings."""

from datetime import UTC, datetime, timedelta
from random import Random  # noqa: TID251 (seeded, so that a run can be repeated)
from typing import Any

from dialogs.issue.model import IssueKind, IssueState
from scoring.values import replace
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.model.records import Ticket
from storage.model.service_details import ServiceDetails
from storage.unit_of_work.writer import Writer
from tests.storage.rollups.turmoil import SHANGHAI
from tests.storage.samples import NOW, issue, save
from tests.support.database.answered import closed_visit

__all__ = ["BEGAN", "ENDED", "Desk"]

BEGAN, ENDED = datetime(2026, 10, 1, tzinfo=SHANGHAI), datetime(2026, 11, 1, tzinfo=SHANGHAI)


class Desk:
    """Tickets of October about which something is reported, complained and entered at random."""

    def __init__(self, writer: Writer, seed: int) -> None:
        self._writer, self._random = writer, Random(seed)  # noqa: S311 (as above)
        self._tickets = dict[str, Ticket]()
        self._issues = 0

    async def close(self, number: int) -> None:
        """Close tickets, some of the same customers, all of which are rated."""
        for _ in range(number):
            name = f"d{len(self._tickets)}"
            at = BEGAN + timedelta(hours=self._random.randrange(31 * 24))
            rated = {"attitude": self._random.randint(1, 5), "response_speed": self._random.randint(1, 5)}
            cut: Any = {"team": self._random.choice(["north", "south"]), "category": self._random.choice(["leak", ""])}
            visit = closed_visit(name, at, rated, customer=f"d{len(self._tickets) % 7}", **cut)
            customer, ticket, *others = visit
            is_new = len(self._tickets) < 7
            await save(self._writer, *([customer] if is_new else []), ticket, *others)
            assert isinstance(ticket, Ticket)
            self._tickets[name] = ticket

    async def change(self) -> None:
        """Change something of it."""
        way = self._random.choice([self._report, self._complain, self._enter])
        await way()

    async def _report(self) -> None:
        name = self._random.choice(list(self._tickets))
        before = self._tickets[name]
        details = ServiceDetails(
            resent=self._random.random() < 0.5, rework=None, fault=self._random.choice(["x", None])
        )
        told = replace(before, details=details, version=before.version + 1)
        await save(self._writer, told)
        self._tickets[name] = told

    async def _complain(self) -> None:
        self._issues += 1
        ticket = self._random.choice(list(self._tickets))
        opened = replace(
            issue(f"iss_{self._issues}", "d0", ticket, IssueKind.COMPLAINT),
            opened_at=BEGAN + timedelta(days=self._random.randrange(31)),
            responses=(),
        )
        await save(self._writer, opened)
        if self._random.random() < 0.5:
            await save(self._writer, replace(opened, state=IssueState.RESOLVED, resolved_at=ENDED, version=1))

    async def _enter(self) -> None:
        self._issues += 1
        entered = EnteredFigure(
            f"ent_{self._issues}", EnteredKind.FIGURE, "orders", "2026-10", BEGAN.astimezone(UTC),
            ENDED.astimezone(UTC), (), "李工", NOW, str(self._random.randint(100, 900)),
        )  # fmt: skip
        await save(self._writer, entered)
