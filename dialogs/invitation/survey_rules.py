"""The owner's rules about who is asked what: in their order, the first that fits decides, and says why."""

from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from hashlib import blake2b

from dialogs.ids import derive
from dialogs.invitation.model import InvitationReason
from scoring.values import Value

__all__ = [
    "FIELDS",
    "PAUSED_RULE",
    "SINGULAR",
    "AskLimit",
    "Check",
    "RuleBook",
    "RuleFacts",
    "Ruling",
    "RulingReason",
    "Step",
    "SurveyRule",
    "fits",
]

FIELDS = ("sources", "teams", "categories", "products", "agents", "channels", "tiers", "customers", "tags")
"""What a rule may look at, as it is written in the file."""

PAUSED_RULE = "paused"
"""Stands as the rule of what was not asked while all surveys were paused; the owner's rules may not be called that."""

_LINES = 2**64


class AskLimit(StrEnum):
    """How often one ticket may be asked about."""

    TICKET = "ticket"
    CLOSING = "closing"


class RulingReason(StrEnum):
    """What in a rule decided."""

    ASKS = "asks"
    EXCLUDES = "excludes"
    OUTSIDE_PILOT = "outside_pilot"
    SAMPLED_OUT = "sampled_out"
    ASKED_BEFORE = "asked_before"
    NO_RULE = "no_rule"


class SurveyRule(Value):
    """One rule. An empty tuple means any; of several values one has to fit, of several fields all have to.

    `agents` and `customers` are ids, those of customers may hold `*`; a channel `""` is a customer without a way.
    `survey` `""` and `delay` None leave what the settings say. One in `sample` is asked; `pilot` is the share (0 to 1)
    of tickets that take part at all. `behind` names earlier rules that go first where both would fit.
    """

    name: str
    teams: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    survey: str = ""
    delay: timedelta | None = None
    sample: int = 1
    once: AskLimit = AskLimit.CLOSING
    pilot: float = 1.0
    ask: bool = True
    behind: tuple[str, ...] = ()


class RuleFacts(Value):
    """A closing as rules see it. `channel` is the one by which the customer would be asked, empty where there is none.

    `asked_before` says whether an earlier closing of the ticket was asked.
    """

    source: str
    ticket: str
    closing: int
    customer: str = ""
    team: str = ""
    category: str = ""
    product: str = ""
    agent: str = ""
    channel: str = ""
    tier: str = ""
    tags: tuple[str, ...] = ()
    asked_before: bool = False

    def of(self, field: str) -> tuple[str, ...]:
        """Return what there is for a field of `FIELDS`."""
        return self.tags if field == "tags" else (getattr(self, SINGULAR[field]),)


SINGULAR = {
    "sources": "source",
    "teams": "team",
    "categories": "category",
    "products": "product",
    "agents": "agent",
    "channels": "channel",
    "tiers": "tier",
    "customers": "customer",
}
"""What a ticket has one of, by the name under which rules list several."""


class Check(Value):
    """One field of a rule held against the ticket."""

    field: str
    wanted: tuple[str, ...]
    found: tuple[str, ...]
    fits: bool


class Step(Value):
    """One rule that was looked at; without checks it looks at nothing and fits every ticket."""

    rule: str
    fits: bool
    checks: tuple[Check, ...]


class Ruling(Value):
    """What the rules say of a closing: ask with this survey and delay, or why not (`reason`).

    `rule` is empty where no rule fits: then the settings decide. `steps` are the rules looked at, in their order.
    """

    rule: str = ""
    why: RulingReason = RulingReason.NO_RULE
    survey: str = ""
    delay: timedelta | None = None
    reason: InvitationReason | None = None
    steps: tuple[Step, ...] = ()


class RuleBook(Value):
    """The rules in their order.

    `recurring`: how many customers, within which time, have to write the same, or to have the same product or fault of
    a device go wrong, for the team to be told that it recurs; 0 for never.
    """

    rules: tuple[SurveyRule, ...] = ()
    recurring: tuple[int, timedelta] = (3, timedelta(days=7))

    def ruling(self, facts: RuleFacts) -> Ruling:
        """Return the ruling of the first rule that fits; the same facts always get the same ruling."""
        steps: list[Step] = []
        for rule in self.rules:
            step = _looked_at(rule, facts)
            steps.append(step)
            if step.fits:
                why = _decided(rule, facts)
                return Ruling(rule.name, why, rule.survey, rule.delay, _REASONS.get(why), tuple(steps))
        return Ruling(steps=tuple(steps))


_REASONS = {
    RulingReason.EXCLUDES: InvitationReason.EXCLUDED,
    RulingReason.OUTSIDE_PILOT: InvitationReason.EXCLUDED,
    RulingReason.SAMPLED_OUT: InvitationReason.SAMPLED_OUT,
    RulingReason.ASKED_BEFORE: InvitationReason.EXCLUDED,
}


def fits(rule: SurveyRule, facts: RuleFacts) -> bool:
    """Return whether a rule is about this closing."""
    return _looked_at(rule, facts).fits


def _looked_at(rule: SurveyRule, facts: RuleFacts) -> Step:
    checks = tuple(_checked(field, wanted, facts) for field in FIELDS if (wanted := getattr(rule, field)))
    return Step(rule.name, all(check.fits for check in checks), checks)


def _checked(field: str, wanted: tuple[str, ...], facts: RuleFacts) -> Check:
    found = facts.of(field)
    if field == "customers":
        return Check(field, wanted, found, any(fnmatchcase(facts.customer, _literal(glob)) for glob in wanted))
    return Check(field, wanted, found, not set(wanted).isdisjoint(found))


def _literal(glob: str) -> str:
    """Escape `?` and `[`, which ids may hold, for fnmatch; `*` keeps its meaning."""
    return glob.replace("[", "[[]").replace("?", "[?]")


def _decided(rule: SurveyRule, facts: RuleFacts) -> RulingReason:
    if not rule.ask:
        return RulingReason.EXCLUDES
    if _line("pilot", rule.name, facts.source, facts.ticket) >= rule.pilot * _LINES:
        return RulingReason.OUTSIDE_PILOT
    if rule.once is AskLimit.TICKET and facts.asked_before:
        return RulingReason.ASKED_BEFORE
    closing = "" if rule.once is AskLimit.TICKET else str(facts.closing)
    if _line("sample", rule.name, facts.source, facts.ticket, closing) % rule.sample:
        return RulingReason.SAMPLED_OUT
    return RulingReason.ASKS


def _line(*parts: str) -> int:
    """Return a number below `_LINES` derived from an id: evenly spread, and the same every time."""
    return int.from_bytes(blake2b(derive(*parts).encode(), digest_size=8).digest(), "big")
