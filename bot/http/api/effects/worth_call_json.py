"""Who is worth a call by a person, in JSON."""

from datetime import datetime

from pydantic import BaseModel, Field

from dialogs.phrases import Phrases
from scoring.values import Value
from scoring.worth_call import CallReason, CallRule, WorthCall

__all__ = ["MOST_CALLS", "CallList", "CallWords", "call_list"]

MOST_CALLS = 500
"""The most customers in an answer."""


class CallOut(BaseModel):
    """A customer who is worth a call."""

    customer: str
    name: str
    reasons: tuple[CallReason, ...]
    since: datetime = Field(description="the latest of what makes the customer worth a call")
    tier: str
    complaints: int = Field(description="within the time, without those found invalid")
    complained_at: datetime | None
    closed_at: datetime | None = Field(description="their latest closing within the time")
    called_at: datetime | None = Field(description="when they last answered by telephone, as it was entered")
    has_phone: bool
    opted_out: bool = Field(description="no message is sent to them; a person may call, and asks first")
    text: str = Field(description="the reasons in words, and what to mind")


class CallList(BaseModel):
    """Who is worth a call, most complaints first, and by which rule."""

    tiers: tuple[str, ...]
    complaints: int = Field(description="from how many on; 0: however many")
    days: int
    items: tuple[CallOut, ...]
    more: bool


class CallWords(Value):
    """The language in which reasons are told."""

    phrases: Phrases
    locale: str

    def say(self, key: str, **values: object) -> str:
        """Return a sentence."""
        return self.phrases.say(self.locale, f"worth_call.{key}", **values)


def call_list(rule: CallRule, found: list[WorthCall], words: CallWords, most: int) -> CallList:
    """Return the first of those who are worth a call as the API shows them."""
    return CallList(
        tiers=tuple(sorted(rule.tiers)),
        complaints=rule.complaints,
        days=rule.within.days,
        items=tuple(_call(one, rule, words) for one in found[:most]),
        more=len(found) > most,
    )


def _call(one: WorthCall, rule: CallRule, words: CallWords) -> CallOut:
    who = one.candidate
    told = {"tier": who.tier, "n": who.complaints, "days": rule.within.days}
    sentences = [words.say(reason, **told) for reason in one.reasons]
    sentences += [words.say("opted_out")] if who.is_opted_out else []
    sentences += [] if who.has_phone else [words.say("no_phone")]
    return CallOut(
        customer=who.customer,
        name=who.name,
        reasons=one.reasons,
        since=one.since,
        tier=who.tier,
        complaints=who.complaints,
        complained_at=who.complained_at,
        closed_at=who.closed_at,
        called_at=who.called_at,
        has_phone=who.has_phone,
        opted_out=who.is_opted_out,
        text=words.say("separator").join(sentences),
    )
