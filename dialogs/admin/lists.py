"""Lists for admins: the team, the open issues, the audit log; and the question before surveys are paused."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dialogs.issue.card_text import short_number
from dialogs.issue.model import Issue
from dialogs.messages import Choice, Prompt, Tap, Verb
from dialogs.phrases import Phrases
from dialogs.sanitize import LONGEST_MESSAGE, clipped, defanged, one_line
from scoring.values import Value

__all__ = [
    "PAUSE",
    "RESUME",
    "AdminLocale",
    "AuditLine",
    "IssueLine",
    "RosterLine",
    "audit_list",
    "issue_list",
    "join_code_message",
    "pause_question",
    "team_list",
]

PAUSE, RESUME = "pause", "resume"
"""The buttons of `pause_question`, as the step of a tap names them."""
_LONGEST = 40
_ISSUES = 15
_IN_A_ROW = 3
_A_MINUTE = timedelta(minutes=1)
_ACTIONS = 20


class RosterLine(Value):
    """A member of the roster; `joined` says whether their chat is bound."""

    name: str
    role: str
    joined: bool


class AuditLine(Value):
    """One line of the audit log."""

    at: datetime
    by: str
    action: str
    about: str = ""


class IssueLine(Value):
    """An issue of the list: what it is about, and its page where it has no button."""

    issue: Issue
    subject: str = ""
    page: str = ""


class AdminLocale(Value):
    """An admin's language and time zone."""

    phrases: Phrases
    locale: str
    zone: ZoneInfo

    def say(self, key: str, **values: object) -> str:
        """Return a phrase of `admin` in their language."""
        return self.phrases.say(self.locale, f"admin.{key}", **values)


def team_list(people: Sequence[RosterLine], phrases: Phrases, locale: str) -> Prompt:
    """Return the list of the team, with the commands that change it."""
    lines = [phrases.say(locale, "admin.team.head" if people else "admin.team.empty")]
    for person in people:
        role = phrases.say(locale, f"admin.role.{person.role}")
        waits = "" if person.joined else f" · {phrases.say(locale, 'admin.team.not_joined')}"
        lines.append(f"· {one_line(person.name, _LONGEST)} — {role}{waits}")
    lines += ["", phrases.say(locale, "admin.team.how")]
    return Prompt(clipped("\n".join(lines), LONGEST_MESSAGE))


def join_code_message(person: RosterLine, code: str, link: str, phrases: Phrases, locale: str) -> Prompt:
    """Return the message with the one-time code of a new member, which the admin passes on; empty for no code."""
    told = phrases.say(
        locale, "admin.team.added", name=person.name, role=phrases.say(locale, f"admin.role.{person.role}")
    )
    if not code:
        return Prompt(told)
    key = "admin.team.by_link" if link else "admin.team.by_code"
    return Prompt(f"{told}\n\n{phrases.say(locale, key, link=link, code=f'/join {code}')}")


def issue_list(listed: Sequence[IssueLine], now: datetime, admin: AdminLocale) -> Prompt:
    """Return the team's issues in the order given, each with a button that shows its card, or the page given for it."""
    if not listed:
        return Prompt(admin.say("issues.none"))
    lines, shown = [admin.say("issues.head", count=len(listed))], listed[:_ISSUES]
    for one in shown:
        lines += ["", *_issue(one, now, admin)]
    if len(listed) > _ISSUES:
        lines += ["", admin.say("issues.more", count=len(listed) - _ISSUES)]
    each = [Choice(short_number(one.issue.id), Tap(Verb.OPEN, one.issue.id)) for one in shown if not one.page]
    rows = (tuple(each[at : at + _IN_A_ROW]) for at in range(0, len(each), _IN_A_ROW))
    return Prompt(clipped("\n".join(lines), LONGEST_MESSAGE), tuple(rows))


def audit_list(entries: Sequence[AuditLine], admin: AdminLocale) -> Prompt:
    """Return the latest entries of the audit log, newest first."""
    if not entries:
        return Prompt(admin.say("audit.none"))
    lines = [admin.say("audit.head")]
    lines += [_audit_line(entry, admin) for entry in entries[:_ACTIONS]]
    return Prompt(clipped("\n".join(lines), LONGEST_MESSAGE))


def pause_question(phrases: Phrases, locale: str, *, paused: bool) -> Prompt:
    """Return the question before surveys are paused, or resumed."""
    key, step = ("resume", RESUME) if paused else ("pause", PAUSE)
    yes = Choice(phrases.say(locale, f"admin.surveys.{key}"), Tap(Verb.ADMIN, "", step))
    no = Choice(phrases.say(locale, "admin.surveys.leave"), Tap(Verb.ADMIN, "", "leave"))
    return Prompt(phrases.say(locale, f"admin.surveys.ask_{key}"), ((yes, no),))


def _issue(one: IssueLine, now: datetime, admin: AdminLocale) -> Iterator[str]:
    """Return the lines of an issue: which it is and what it is about; then its kind, holder and age."""
    phrases, locale, issue = admin.phrases, admin.locale, one.issue
    holder = defanged(issue.claimed_by or "", _LONGEST)
    late = f" · {admin.say('issues.overdue')}" if issue.escalated or issue.is_reminded else ""
    late += f" · {admin.say('issues.unchecked')}" if issue.judgement.waits(now) else ""
    who = admin.say("issues.held", name=holder) if holder else admin.say("issues.free")
    subject = defanged(issue.title or one.subject, _LONGEST)
    yield f"{phrases.say(locale, f'severity.{issue.severity}')} {short_number(issue.id)} {subject}".rstrip()
    age = admin.say("issues.age", span=phrases.span(locale, max(now - issue.opened_at, _A_MINUTE)))
    yield f"{phrases.say(locale, f'kind.{issue.kind}')} · {who} · {age}{late}"
    if one.page:
        yield one.page


def _audit_line(entry: AuditLine, admin: AdminLocale) -> str:
    phrases, locale = admin.phrases, admin.locale
    key = f"action.{entry.action.replace('.', '_')}"
    what = admin.say(key) if f"admin.{key}" in phrases.texts[phrases.locale(locale)] else entry.action
    about = f" · {one_line(entry.about, _LONGEST)}" if entry.about else ""
    return f"{phrases.moment(locale, entry.at, admin.zone)} · {one_line(entry.by, _LONGEST)} · {what}{about}"
