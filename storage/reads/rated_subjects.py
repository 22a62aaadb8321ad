"""Reads of filled sheets: a list by pages, and those from which a result is joined."""

from datetime import datetime

from sqlalchemy import Text, bindparam, select

from scoring.values import Value
from storage.connection.store import Store
from storage.model.filled_forms import Adjustment, AssessmentFile, FilledForm
from storage.reads.listings import FilteredList, Page
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.unit_of_work.selects import FILES_OF_SHEETS, all_of

__all__ = ["AssessmentFilter", "AssessmentReads"]

_sheet = t.assessments.c
_ALL = all_of(FilledForm)
_ORDER = (_sheet.at, _sheet.id)
_WANTED = {
    name: _sheet[name] == bindparam(f"of_{name}", type_=Text()) for name in ("form", "subject", "period", "customer")
}
_LIST = FilteredList(FilledForm, _ALL, _ORDER, _WANTED)
_ONE = all_of(FilledForm, _sheet.id == bindparam("id", type_=Text()))
_OF_SUBJECT = all_of(
    FilledForm,
    _sheet.subject == bindparam("subject", type_=Text()),
    _sheet.since >= bindparam("since", type_=Instant()),
    _sheet.since < bindparam("until", type_=Instant()),
    _sheet.form == bindparam("form", type_=Text()),
).order_by(_sheet.since, _sheet.at, _sheet.id)

_added = t.adjustments.c
_ADDED = all_of(
    Adjustment,
    _added.subject == bindparam("subject", type_=Text()),
    _added.since >= bindparam("since", type_=Instant()),
    _added.since < bindparam("until", type_=Instant()),
    _added.form == bindparam("form", type_=Text()),
).order_by(_added.at, _added.id)
_FORMS_ABOUT = (
    select(_sheet.form)
    .where(
        _sheet.subject == bindparam("subject", type_=Text()),
        _sheet.since >= bindparam("since", type_=Instant()),
        _sheet.since < bindparam("until", type_=Instant()),
    )
    .distinct()
)

_WITHIN = all_of(
    FilledForm,
    _sheet.since >= bindparam("since", type_=Instant()),
    _sheet.since < bindparam("until", type_=Instant()),
    _sheet.form == bindparam("form", type_=Text()),
).order_by(_sheet.subject, _sheet.since, _sheet.at, _sheet.id)


class AssessmentFilter(Value):
    """Which sheets are wanted; empty for any."""

    form: str = ""
    subject: str = ""
    period: str = ""
    customer: str = ""


class AssessmentReads:
    """Reads what is committed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, wanted: AssessmentFilter, cursor: str | None, limit: int) -> Page[FilledForm]:
        """List sheets in the order in which they were stored; raises ValueError for a malformed cursor."""
        return await _LIST.page(self._store, wanted, cursor, limit)

    async def find(self, assessment: str) -> FilledForm | None:
        """Return a sheet, None if there is none of this id."""
        async with self._store.reading() as session:
            return next(iter(await session.records(FilledForm, _ONE, id=assessment)), None)

    async def files(self, *assessments: str) -> list[AssessmentFile]:
        """Return the files of these sheets, in the order in which they came, also those that no sheet names yet."""
        async with self._store.reading() as session:
            found = await session.records(AssessmentFile, FILES_OF_SHEETS, sheets=assessments) if assessments else []
        return sorted(found, key=lambda one: (one.at, one.id))

    async def of_subject(self, form: str, subject: str, since: datetime, until: datetime) -> list[FilledForm]:
        """Return every sheet of a form about a subject for a period that begins in this time, the earliest first."""
        async with self._store.reading() as session:
            return await session.records(FilledForm, _OF_SUBJECT, form=form, subject=subject, since=since, until=until)

    async def added_to(self, form: str, subject: str, since: datetime, until: datetime) -> list[Adjustment]:
        """Return what was added to the results of a form about a subject for a period that begins in this time."""
        async with self._store.reading() as session:
            return await session.records(Adjustment, _ADDED, form=form, subject=subject, since=since, until=until)

    async def forms_about(self, subject: str, since: datetime, until: datetime) -> frozenset[str]:
        """Return the forms by which sheets are about a subject for a period that begins in this time."""
        async with self._store.reading() as session:
            return frozenset(
                row[0] for row in await session.fetch(_FORMS_ABOUT, subject=subject, since=since, until=until)
            )

    async def within(self, form: str, since: datetime, until: datetime) -> list[FilledForm]:
        """Return every sheet of a form for a period that begins in this time, in the order of their subjects."""
        async with self._store.reading() as session:
            return await session.records(FilledForm, _WITHIN, form=form, since=since, until=until)
