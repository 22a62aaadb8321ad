"""`/team` in a chat: list, add with a one-time code, remove; and joining with such a code."""

from bot.handlers.admin.admin_turn import AdminTurn
from bot.handlers.admin.permissions import ROSTER_ROLES, Admin
from bot.handlers.admin.private_messages import is_among_others, private_message
from bot.handlers.admin.roster import CODE_LASTS, NewMember, add_member, join, remove_member
from bot.handlers.common.results import Invalid, NotFound
from bot.handlers.common.turn import TurnContext
from dialogs.admin.lists import RosterLine, join_code_message, team_list
from dialogs.messages import Prompt, Text
from storage.model.records import Member
from storage.unit_of_work.changes import Changes

__all__ = ["join_roster", "team_command"]

_ADDS = 3
"""The fewest words of `/team add NAME ROLE`; a name may have several."""
_RANK = {role: place for place, role in enumerate(ROSTER_ROLES)}


def team_command(said: AdminTurn) -> Changes:
    """Handle `/team`, `/team add NAME ROLE` and `/team remove NAME`."""
    turn, admin, found = said.turn, said.admin, said.found
    match said.words:
        case ("add", *rest) if len(rest) >= _ADDS - 1:
            known = turn.inbound.said.mentions if isinstance(turn.inbound.said, Text) else ""
            secret = "" if known else found.secret
            new = NewMember(" ".join(rest[:-1]), rest[-1].lower(), telegram=known, secret=secret)
            return _add(turn, new, admin, found.link)
        case ("remove", first, *rest):
            return _remove(turn, " ".join((first, *rest)), admin)
        case ():
            people = sorted(turn.snapshot.roster(), key=lambda member: (_RANK.get(member.role, 9), member.name))
            return turn.reply(team_list([_person(member) for member in people], turn.phrases, turn.locale))
        case _:
            return turn.reply(Prompt(turn.say("admin.team.how")))


def join_roster(turn: TurnContext, secret: str) -> Changes:
    """Bind this chat to the roster's member for whom the code was made, and welcome them."""
    decision = join(turn.context, secret, turn.inbound.sender.id)
    member = decision.answer.member
    if member is None:
        return turn.reply(Prompt(turn.say("admin.team.no_code")))
    role = turn.say(f"admin.role.{member.role}")
    return decision.changes + turn.reply(Prompt(turn.say("admin.team.welcome", name=member.name, role=role)))


def _add(turn: TurnContext, new: NewMember, admin: Admin, link: str) -> Changes:
    before = turn.snapshot.member(new.name)
    if _is_above(admin, new.role) or (before is not None and _is_above(admin, before.role)):
        return turn.reply(Prompt(turn.say("admin.team.only_owners")))
    decision = add_member(turn.context, new, admin.by)
    if isinstance(decision.answer, Invalid):
        return turn.reply(Prompt(_wrong(turn, decision.answer, new)))
    person = _person(decision.answer)
    prompt = join_code_message(person, "" if new.telegram else new.secret, link, turn.phrases, turn.locale)
    if new.telegram or not is_among_others(turn):
        return decision.changes + turn.reply(prompt)
    role = turn.say(f"admin.role.{person.role}")
    told = Prompt(turn.say("admin.team.sent_privately", name=person.name, role=role))
    return decision.changes + private_message(turn, prompt, CODE_LASTS) + turn.reply(told)


def _wrong(turn: TurnContext, wrong: Invalid, new: NewMember) -> str:
    if wrong.field == "role":
        known = " ".join(f"{role}（{turn.say(f'admin.role.{role}')}）" for role in ROSTER_ROLES)
        return turn.say("admin.team.no_role", role=new.role, known=known)
    return turn.say("admin.wrong", problem=f"{wrong.field} {wrong.problem}")


def _remove(turn: TurnContext, name: str, admin: Admin) -> Changes:
    member = turn.snapshot.member(name)
    if member is not None and _is_above(admin, member.role):
        return turn.reply(Prompt(turn.say("admin.team.only_owners")))
    decision = remove_member(turn.context, name, admin.by)
    key = "admin.team.unknown" if isinstance(decision.answer, NotFound) else "admin.team.removed"
    return decision.changes + turn.reply(Prompt(turn.say(key, name=name)))


def _is_above(admin: Admin, role: str) -> bool:
    """Return whether only an owner may give or take this role."""
    return admin.role != "owner" and role == "owner"


def _person(member: Member) -> RosterLine:
    return RosterLine(member.name, member.role, bool(member.telegram))
