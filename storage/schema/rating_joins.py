"""How a rating is joined to what it belongs to: its interview, the ask, the closing, the item that was rated."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Join, Text, and_, case, func, select, type_coerce

from scoring.validity import ExclusionReason
from storage.model.fact_records import RatingStatus
from storage.schema import tables as t
from storage.schema.column_types import EnumText
from storage.schema.fact_tables import UNDONE
from storage.schema.literals import EMPTY, text_literal
from storage.schema.rollup_tables import CUT, RATED

__all__ = [
    "CUT_KEYS",
    "IS_GIVEN",
    "ITS_CLOSING",
    "RATED_ROWS",
    "RATING_FIELDS",
    "RATING_KEYS",
    "REASON",
    "agent_of",
    "of_ratings",
]

_invitation, _interview, _rating, _item = t.invitations.c, t.interviews.c, t.ratings.c, t.rated_items.c
_closing = t.closings.c


def agent_of(columns: Any) -> ColumnElement[Any]:  # noqa: ANN401 (of any table with these columns)
    """Return what names an agent: the id in the help desk, the name where there is none."""
    return case((columns.agent_id != EMPTY, columns.agent_id), else_=columns.agent_name)


ITS_CLOSING = and_(
    _closing.source == _invitation.source,
    _closing.ticket == _invitation.ticket,
    _closing.number == _invitation.closing,
)
"""The closing of an ask; of the customer's own feedback, and of campaigns about no ticket, there is none."""
CUT_KEYS: Mapping[str, ColumnElement[Any]] = {
    "team": _invitation.team,
    "agent": agent_of(_invitation),
    **{name: func.coalesce(_closing[name], EMPTY) for name in CUT if name in t.closings.c and name != "team"},
}
"""By which an ask is counted; the keys of a closing are empty where there is none."""
RATING_KEYS: Mapping[str, ColumnElement[Any]] = {
    **CUT_KEYS,
    "channel": _interview.channel,
    **{name: _item[name] for name in RATED},
    "value": _rating.value,
}
"""By which a rating is counted, all but the reason why it does not count."""
REASON = func.coalesce(_rating.standing, EMPTY, type_=Text())
"""Why a rating does not count, as it is stored: empty where it does, and while its interview goes on."""
IS_GIVEN = text_literal(UNDONE) != REASON
"""It was not taken back."""


def of_ratings(first: Any, *conditions: tuple[Any, ColumnElement[bool]]) -> Join:  # noqa: ANN401 (a table)
    """Join tables, of which each comes with its condition, and the closing where there is one."""
    joined = first
    for table, condition in conditions:
        joined = joined.join(table, condition)
    found: Join = joined.outerjoin(t.closings, ITS_CLOSING)
    return found


RATED_ROWS = of_ratings(
    t.invitations,
    (t.interviews, _interview.invitation == _invitation.id),
    (t.ratings, _rating.response == func.coalesce(_interview.id, EMPTY)),
    (t.rated_items, _item.id == _rating.rated_item),
)
"""Every rating, the ask first: by its moment the ratings of a period are found, and no interview is found by them."""

_asked = select(_invitation.id).join(t.interviews, _interview.invitation == _invitation.id)
_of_response = _asked.where(_interview.id == _rating.response).correlate(t.ratings)
_of_item = select(_item.id).where(_item.id == _rating.rated_item).correlate(t.ratings)
_status = case(
    (_rating.standing.is_(None), text_literal(RatingStatus.COUNTED)),
    (_rating.standing == text_literal(UNDONE), text_literal(RatingStatus.UNDONE)),
    else_=text_literal(RatingStatus.EXCLUDED),
)
_OF_ASK = ("source", "ticket", "closing")
RATING_FIELDS: Mapping[str, ColumnElement[Any]] = {
    **{name: _of_response.with_only_columns(_invitation[name]).scalar_subquery() for name in _OF_ASK},
    "channel": _of_response.with_only_columns(_interview.channel).scalar_subquery(),
    **{name: _of_item.with_only_columns(_item[name]).scalar_subquery() for name in (*RATED, "survey_number")},
    "status": type_coerce(_status, EnumText(RatingStatus)),
    "reason": type_coerce(func.nullif(_rating.standing, text_literal(UNDONE)), EnumText(ExclusionReason)),
}
"""What reads the fields of a rating that other tables hold, or that are stored otherwise."""
