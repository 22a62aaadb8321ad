"""The team's roster: members, their roles, and the one-time code by which they bind their own chat."""

import re
from datetime import timedelta
from hmac import compare_digest

from bot.handlers.admin.permissions import ROSTER_ROLES
from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Invalid, NotFound
from bot.handlers.customers.binding_links import token_hash
from dialogs.names import written_name
from dialogs.sanitize import clipped
from scoring.values import Value, replace
from storage.model.records import Member
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["CODE_LASTS", "Joining", "NewMember", "add_member", "join", "needs", "remove_member"]

CODE_LASTS = timedelta(hours=24)
"""How long a one-time code can be used."""
_LONGEST_NAME = 40
_USER = re.compile(r"[1-9][0-9]{0,15}")


class NewMember(Value):
    """A member to add. `secret` is the one-time code, of which only the hash is stored; empty for none.

    `agent` is what tickets call them, `team` the only one whose figures they read; None leaves what was given before.
    """

    name: str
    role: str
    telegram: str = ""
    secret: str = ""
    agent: str | None = None
    team: str | None = None


class Joining(Value):
    """The member bound by a code; None where the code is unknown, used, expired or for another account."""

    member: Member | None = None


def needs() -> Needs:
    """Return the need for the whole roster."""
    return Needs(roster=True)


def add_member(context: DecisionContext, new: NewMember, by: str) -> Decision[Member | Invalid]:
    """Add a member, or change the role of whoever has the name in any spelling.

    Their chat stays bound where no other is given.
    """
    name = clipped(written_name(new.name), _LONGEST_NAME)
    member = context.snapshot.member(name) or Member(name, "")
    wrong = _wrong(context, replace(new, name=member.name if name else ""))
    if wrong is not None:
        return Decision(Changes(), wrong)
    member = replace(member, role=new.role, telegram=new.telegram or member.telegram)
    agent, team = (given if given is None else given.strip() for given in (new.agent, new.team))
    member = replace(member, agent=member.agent if agent is None else agent, team=member.team if team is None else team)
    if new.secret:
        code, until = token_hash(new.secret), context.now + CODE_LASTS
        member = replace(member, code_hash=code, code_expires_at=until)
    entry = audit_entry(context, by, "team.added", member.name, context.now.isoformat(), role=new.role)
    return Decision(Changes((member, entry)), member)


def remove_member(context: DecisionContext, name: str, by: str) -> Decision[Member | NotFound]:
    """Remove a member's role, chat and code; issues that they hold stay theirs."""
    member = context.snapshot.member(name)
    if member is None or not member.role:
        return Decision(Changes(), NotFound(f"team member {name}"))
    gone = replace(member, role="", telegram="", code_hash="", code_expires_at=None, agent="", team="")
    entry = audit_entry(context, by, "team.removed", member.name, context.now.isoformat(), role=member.role)
    return Decision(Changes((gone, entry)), member)


def join(context: DecisionContext, secret: str, telegram: str) -> Decision[Joining]:
    """Bind a person's own chat by their one-time code, which works once, and only for the account that is expected.

    That is the one given for the member before; to bind another, take the member off the roster and add them again.
    """
    code = token_hash(secret)
    found = next((m for m in context.snapshot.roster() if m.code_hash and compare_digest(m.code_hash, code)), None)
    if found is None or found.code_expires_at is None or found.code_expires_at <= context.now:
        return Decision(Changes(), Joining())
    if found.telegram not in ("", telegram):
        return Decision(Changes(), Joining())
    bound = replace(found, telegram=telegram, code_hash="", code_expires_at=None)
    others = (each for each in context.snapshot.roster() if each.telegram == telegram and each.name != found.name)
    freed = tuple(replace(each, telegram="") for each in others)
    entry = audit_entry(context, found.name, "team.joined", found.name, code)
    return Decision(Changes((*freed, bound, entry)), Joining(bound))


def _wrong(context: DecisionContext, new: NewMember) -> Invalid | None:
    if not new.name:
        return Invalid("name", "is empty; write the name by which the team knows them")
    if new.role not in ROSTER_ROLES:
        return Invalid("role", f"there is no role {new.role!r}; there are {', '.join(ROSTER_ROLES)}")
    if new.telegram and not _USER.fullmatch(new.telegram):
        return Invalid("telegram", "is a user id, digits only; the person sees it with @userinfobot")
    taken = next((m for m in context.snapshot.roster() if new.telegram and m.telegram == new.telegram), None)
    if taken is not None and taken.name != new.name:
        return Invalid("telegram", f"belongs to {taken.name}; remove them first")
    return None
