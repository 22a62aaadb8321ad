"""Phrases in JSON: those of a period with their figures, and those that people decide about."""

from datetime import datetime
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from bot.handlers.phrases import POLARITIES, PhraseDecision, PolarityName, polarity_name
from bot.http.api.schemas.field_types import Name
from bot.http.api.schemas.ticket_request import RequestBody
from bot.jobs.text.phrase_table import PhraseCut, PhraseTable, ShownPhrase
from scoring.text.phrase_figures import Impact, Trend
from storage.model.text_records import PhraseStanding, StoredPhrase

__all__ = [
    "DecidedPhraseBody",
    "MapPhraseBody",
    "PhraseList",
    "PhraseTableOut",
    "StoredPhraseOut",
    "phrase_table_out",
    "stored_phrase_out",
]

PhraseText = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_RESPONSES = 100


class ImpactOut(BaseModel):
    """How the mean of those who use a phrase differs from that of the others who write, from 1 to 5."""

    difference: float
    low: float
    high: float
    level: float = 0.95
    n_with: int = Field(description="customers who use it and gave ratings")
    n_without: int
    on_mean: float = Field(description="by how much the mean of all who write differs because of them")
    method: str = "Wilson, Newcombe 1998"


class PhraseOut(BaseModel):
    """A phrase of a period: at most 100 responses behind it, the latest last."""

    phrase: str
    dimension: str = Field(description="empty where it speaks of nothing in particular")
    polarity: PolarityName
    customers: int
    customers_before: int = Field(description="in the period before")
    trend: Trend
    mean: float | None = Field(
        description="the mean of these responses' ratings, from 1 to 5; null of fewer than five customers"
    )
    dimension_mean: float | None = Field(description="the mean of their ratings of this dimension, likewise")
    impact: ImpactOut | None = Field(description="null with fewer than five customers on either side")
    examples: tuple[str, ...] = Field(description="with *** for names, numbers and addresses")
    responses: tuple[str, ...]


class PhraseCutOut(BaseModel):
    """The phrases of one value of the key; the costliest for the mean first."""

    cut: dict[str, str]
    comments: int
    customers: int
    withheld: int = Field(description="phrases of fewer than five customers, or from which so few would follow")
    phrases: tuple[PhraseOut, ...]


class PhraseTableOut(BaseModel):
    """The phrases of a period."""

    period: str
    timezone: str
    provisional: bool
    by: str
    cuts: tuple[PhraseCutOut, ...]


class StoredPhraseOut(BaseModel):
    """A phrase that was proposed, and what was decided about it."""

    phrase: str
    state: PhraseStanding
    customers: int = Field(description="who used it in the 90 days before it was last counted")
    dimension: str | None
    polarity: PolarityName | None
    by: str | None
    at: datetime
    version: int


class PhraseList(BaseModel):
    """Phrases, that of most customers first."""

    items: tuple[StoredPhraseOut, ...]


class DecidedPhraseBody(RequestBody):
    """A phrase, and who decides about it."""

    phrase: PhraseText
    by: Name

    def decision(self, state: PhraseStanding) -> PhraseDecision:
        """Return it as the decision takes it."""
        return PhraseDecision(self.phrase, state, self.by)


class MapPhraseBody(DecidedPhraseBody):
    """What a phrase speaks of, and whether it praises or blames."""

    dimension: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    polarity: PolarityName = "negative"

    def mapping(self) -> PhraseDecision:
        """Return it as the decision takes it."""
        return PhraseDecision(self.phrase, PhraseStanding.MAPPED, self.by, self.dimension, POLARITIES[self.polarity])


def phrase_table_out(table: PhraseTable, timezone: str, now: datetime) -> PhraseTableOut:
    """Return the phrases of a period as the API shows them."""
    return PhraseTableOut(
        period=table.period.name,
        timezone=timezone,
        provisional=not table.period.is_over(now),
        by=table.by,
        cuts=tuple(_cut(table.by, one) for one in table.cuts),
    )


def _cut(by: str, cut: PhraseCut) -> PhraseCutOut:
    return PhraseCutOut(
        cut={by: cut.value} if by else {},
        comments=cut.comments,
        customers=cut.customers,
        withheld=cut.withheld,
        phrases=tuple(map(_phrase, cut.phrases)),
    )


def _phrase(shown: ShownPhrase) -> PhraseOut:
    figure, mention = shown.figure, shown.figure.mention
    return PhraseOut(
        phrase=mention.phrase,
        dimension=mention.dimension,
        polarity=polarity_name(mention.polarity),
        customers=figure.customers,
        customers_before=figure.before,
        trend=figure.trend,
        mean=_number(figure.mean),
        dimension_mean=_number(figure.dimension_mean),
        impact=_impact(figure.impact),
        examples=shown.examples,
        responses=figure.responses[-_RESPONSES:],
    )


def _impact(impact: Impact | None) -> ImpactOut | None:
    if impact is None:
        return None
    return ImpactOut(
        difference=float(impact.difference),
        low=impact.low,
        high=impact.high,
        n_with=impact.n_with,
        n_without=impact.n_without,
        on_mean=float(impact.on_mean),
    )


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def stored_phrase_out(phrase: StoredPhrase) -> StoredPhraseOut:
    """Return a phrase as the API shows it."""
    return StoredPhraseOut(
        phrase=phrase.phrase,
        state=phrase.state,
        customers=phrase.people,
        dimension=phrase.dimension or None,
        polarity=polarity_name(phrase.polarity) if phrase.dimension else None,
        by=phrase.by or None,
        at=phrase.at,
        version=phrase.version,
    )
