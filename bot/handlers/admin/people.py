"""`/team` in a chat: the list, somebody new with a one-time code, somebody gone; and who comes with a code."""

from bot.handlers.admin.permissions import ROLES, Admin
from bot.handlers.admin.query_results import QueryResults
from bot.handlers.admin.replies import locale_for
from bot.handlers.admin.roster import NewMember, add_member, join, remove_member
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.replies import reply
from bot.handlers.common.results import Invalid, NotFound
from dialogs.admin.lists import Person, joining, team_list
from dialogs.messages import Inbound, Prompt
from dialogs.phrases import Phrases
from storage.model.records import Member
from storage.unit_of_work.changes import Changes

__all__ = ["joins", "team_command"]

_ADDS = 3
"""Words of `/team add NAME ROLE` at least; a name may be of several."""
_RANK = {role: place for place, role in enumerate(ROLES)}


def team_command(
    context: DecisionContext, inbound: Inbound, words: tuple[str, ...], admin: Admin, brought: QueryResults
) -> Changes:
    """Obey `/team`, `/team add NAME ROLE` or `/team remove NAME`."""
    phrases, locale = context.policy.phrases, locale_for(context, inbound)
    match words:
        case ("add", *rest) if len(rest) >= _ADDS - 1:
            new = NewMember(" ".join(rest[:-1]), rest[-1].lower(), secret=brought.secret)
            return _add(context, inbound, new, admin, brought.link)
        case ("remove", first, *rest):
            return _remove(context, inbound, " ".join((first, *rest)), admin)
        case ():
            people = sorted(context.snapshot.roster(), key=lambda member: (_RANK.get(member.role, 9), member.name))
            return reply(context, inbound, team_list([_person(member) for member in people], phrases, locale))
        case _:
            return reply(context, inbound, Prompt(phrases.say(locale, "admin.team.how")))


def joins(context: DecisionContext, inbound: Inbound, secret: str) -> Changes:
    """Bind whoever comes with a code to the roster's member for whom it was made."""
    phrases, locale = context.policy.phrases, locale_for(context, inbound)
    decision = join(context, secret, inbound.sender.id)
    member = decision.answer.member
    if member is None:
        return reply(context, inbound, Prompt(phrases.say(locale, "admin.team.no_code")))
    role = phrases.say(locale, f"admin.role.{member.role}")
    said = phrases.say(locale, "admin.team.welcome", name=member.name, role=role)
    return decision.changes + reply(context, inbound, Prompt(said))


def _add(context: DecisionContext, inbound: Inbound, new: NewMember, admin: Admin, link: str) -> Changes:
    phrases, locale = context.policy.phrases, locale_for(context, inbound)
    before = context.snapshot.member(new.name)
    if _is_above(admin, new.role) or (before is not None and _is_above(admin, before.role)):
        return reply(context, inbound, Prompt(phrases.say(locale, "admin.team.only_owners")))
    decision = add_member(context, new, admin.by)
    if isinstance(decision.answer, Invalid):
        known = " ".join(f"{role}（{phrases.say(locale, f'admin.role.{role}')}）" for role in ROLES)
        return reply(context, inbound, Prompt(_wrong(decision.answer, new, known, phrases, locale)))
    prompt = joining(_person(decision.answer), new.secret, link, phrases, locale)
    return decision.changes + reply(context, inbound, prompt)


def _wrong(wrong: Invalid, new: NewMember, known: str, phrases: Phrases, locale: str) -> str:
    if wrong.field == "role":
        return phrases.say(locale, "admin.team.no_role", role=new.role, known=known)
    return phrases.say(locale, "admin.wrong", problem=f"{wrong.field} {wrong.problem}")


def _remove(context: DecisionContext, inbound: Inbound, name: str, admin: Admin) -> Changes:
    phrases, locale = context.policy.phrases, locale_for(context, inbound)
    member = context.snapshot.member(name)
    if member is not None and _is_above(admin, member.role):
        return reply(context, inbound, Prompt(phrases.say(locale, "admin.team.only_owners")))
    decision = remove_member(context, name, admin.by)
    key = "admin.team.unknown" if isinstance(decision.answer, NotFound) else "admin.team.removed"
    return decision.changes + reply(context, inbound, Prompt(phrases.say(locale, key, name=name)))


def _is_above(admin: Admin, role: str) -> bool:
    """Return whether only an owner may give or take this role."""
    return admin.role != "owner" and role == "owner"


def _person(member: Member) -> Person:
    return Person(member.name, member.role, bool(member.telegram))
