"""Short lists for admins: the team, the open issues, the audit log; and the question before surveys stand still."""

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
    "AuditLine",
    "RosterLine",
    "Voice",
    "audit_list",
    "issue_list",
    "joining",
    "pausing",
    "team_list",
]

PAUSE, RESUME = "pause", "resume"
"""What the buttons of `pausing` say that they are, in the step of a tap."""
_LONGEST = 40
_ISSUES = 15
_A_MINUTE = timedelta(minutes=1)
_DEEDS = 20


class RosterLine(Value):
    """Somebody of the roster; `joined` tells whether their chat is bound."""

    name: str
    role: str
    joined: bool


class AuditLine(Value):
    """One line of the audit log."""

    at: datetime
    by: str
    action: str
    about: str = ""


class Voice(Value):
    """How an admin is spoken to: in which language, on which clock."""

    phrases: Phrases
    locale: str
    zone: ZoneInfo

    def say(self, key: str, **values: object) -> str:
        """Say a phrase of `admin`."""
        return self.phrases.say(self.locale, f"admin.{key}", **values)


def team_list(people: Sequence[RosterLine], phrases: Phrases, locale: str) -> Prompt:
    """List the roster, and say how it is changed."""
    lines = [phrases.say(locale, "admin.team.head" if people else "admin.team.empty")]
    for person in people:
        role = phrases.say(locale, f"admin.role.{person.role}")
        waits = "" if person.joined else f" · {phrases.say(locale, 'admin.team.not_joined')}"
        lines.append(f"· {one_line(person.name, _LONGEST)} — {role}{waits}")
    lines += ["", phrases.say(locale, "admin.team.how")]
    return Prompt(clipped("\n".join(lines), LONGEST_MESSAGE))


def joining(person: RosterLine, code: str, link: str, phrases: Phrases, locale: str) -> Prompt:
    """Return the one-time code of somebody new, to be passed on to them."""
    told = phrases.say(
        locale, "admin.team.added", name=person.name, role=phrases.say(locale, f"admin.role.{person.role}")
    )
    key = "admin.team.by_link" if link else "admin.team.by_code"
    return Prompt(f"{told}\n\n{phrases.say(locale, key, link=link, code=f'/join {code}')}")


def issue_list(issues: Sequence[tuple[Issue, str]], now: datetime, voice: Voice) -> Prompt:
    """List the issues that are with the team, oldest first, each with the link that leads to it, or none."""
    if not issues:
        return Prompt(voice.say("issues.none"))
    lines = [voice.say("issues.head", count=len(issues))]
    for issue, link in issues[:_ISSUES]:
        lines += _issue(issue, link, now, voice)
    if len(issues) > _ISSUES:
        lines.append(voice.say("issues.more", count=len(issues) - _ISSUES))
    return Prompt(clipped("\n".join(lines), LONGEST_MESSAGE))


def audit_list(deeds: Sequence[AuditLine], voice: Voice) -> Prompt:
    """List what admins have done, the latest first."""
    if not deeds:
        return Prompt(voice.say("audit.none"))
    lines = [voice.say("audit.head")]
    lines += [_deed(deed, voice) for deed in deeds[:_DEEDS]]
    return Prompt(clipped("\n".join(lines), LONGEST_MESSAGE))


def pausing(phrases: Phrases, locale: str, *, paused: bool) -> Prompt:
    """Ask once more before surveys stand still, or go on."""
    key, step = ("resume", RESUME) if paused else ("pause", PAUSE)
    yes = Choice(phrases.say(locale, f"admin.surveys.{key}"), Tap(Verb.ADMIN, "", step))
    no = Choice(phrases.say(locale, "admin.surveys.leave"), Tap(Verb.ADMIN, "", "leave"))
    return Prompt(phrases.say(locale, f"admin.surveys.ask_{key}"), ((yes, no),))


def _issue(issue: Issue, link: str, now: datetime, voice: Voice) -> Iterator[str]:
    phrases, locale, holder = voice.phrases, voice.locale, defanged(issue.claimed_by or "", _LONGEST)
    who = voice.say("issues.held", name=holder) if holder else voice.say("issues.free")
    what = f"{phrases.say(locale, f'severity.{issue.severity}')} {short_number(issue.id)}"
    age = voice.say("issues.age", span=phrases.span(locale, max(now - issue.opened_at, _A_MINUTE)))
    yield f"{what} {phrases.say(locale, f'kind.{issue.kind}')} · {who} · {age}"
    if link:
        yield f"  {link}"


def _deed(deed: AuditLine, voice: Voice) -> str:
    phrases, locale = voice.phrases, voice.locale
    key = f"deed.{deed.action.replace('.', '_')}"
    what = voice.say(key) if f"admin.{key}" in phrases.texts[phrases.locale(locale)] else deed.action
    about = f" · {one_line(deed.about, _LONGEST)}" if deed.about else ""
    return f"{phrases.moment(locale, deed.at, voice.zone)} · {one_line(deed.by, _LONGEST)} · {what}{about}"
