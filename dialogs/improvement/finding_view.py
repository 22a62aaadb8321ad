"""What the team's chats are shown of findings and measures: a list of each, and the steps that buttons name."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from dialogs.admin.lists import AdminLocale
from dialogs.improvement.model import Finding, FindingState
from dialogs.improvement.team_text import figures_text
from dialogs.messages import Choice, Prompt, Tap, Verb
from dialogs.sanitize import LONGEST_MESSAGE, clipped, defanged
from scoring.values import Value

__all__ = [
    "A_MOMENT",
    "ChatList",
    "FindingCase",
    "FindingStep",
    "FindingView",
    "finding_standing",
    "list_message",
    "say",
]

A_MOMENT = timedelta(seconds=1)
"""Before the beginning of the day after the last one, which is how deadlines are kept."""
_A_DAY = timedelta(days=1)
_ON_A_PAGE = 8
_IN_A_ROW = 4
_LONGEST_NAME = 40
_STATES = FindingState


class FindingStep(StrEnum):
    """What a button under a list or a card does."""

    FINDINGS = "fs"
    ACTIONS = "as"
    OPEN = "op"
    CASES = "ca"
    DISMISS = "di"
    BECAUSE = "be"
    """Dismissed for one of the usual reasons, whose number is the value."""
    WRITE_WHY = "ww"
    BACK = "ba"
    TAKE = "ta"
    DONE = "do"
    LATER = "la"
    WAIT = "wa"
    PLAN = "pl"
    METRIC = "me"
    TARGET = "tg"
    WHEN = "wn"
    OWNERS = "ow"
    OWNER = "to"
    """Given to somebody, whose key follows behind a colon."""
    PROPOSED = "pr"
    """The proposal as it is."""
    CONFIRM = "ok"
    DROP = "dr"
    TELL = "te"
    SEND = "se"
    REWORD = "rw"


class FindingView(Value):
    """A finding as a chat shows it: a short title, how many customers raised it, and what some said, masked."""

    finding: Finding
    title: str
    customers: int = 0
    said: tuple[str, ...] = ()


class FindingCase(Value):
    """A response in which a finding shows: when it was asked for, its ticket, its low ratings, its words, masked."""

    at: datetime
    ticket: str = ""
    ratings: tuple[tuple[str, int], ...] = ()
    """What was rated, as the team calls it, and how."""
    said: tuple[str, ...] = ()


class ChatList(Value):
    """Which findings a list shows, how they are sorted, and what its phrases and its pages are called."""

    step: FindingStep
    states: tuple[FindingState, ...]
    """In the order in which they are shown."""

    def sorted(self, views: Sequence[FindingView]) -> list[FindingView]:
        """Return those that belong on the list: by state, then those due first, then the oldest."""
        shown = [one for one in views if one.finding.state in self.states]
        return sorted(shown, key=lambda one: (self.states.index(one.finding.state), *_urgency(one.finding)))


def _urgency(finding: Finding) -> tuple[datetime, datetime, str]:
    measure = finding.measure
    return (finding.opened_at if measure is None else measure.due_at, finding.opened_at, finding.id)


def list_message(
    which: ChatList, views: Sequence[FindingView], offset: int, now: datetime, admin: AdminLocale
) -> Prompt:
    """Return a page of a list, each entry with a button that opens its card."""
    listed = which.sorted(views)
    key = "measures" if which.step is FindingStep.ACTIONS else "findings"
    if not listed:
        return Prompt(say(admin, f"{key}.none"))
    begins = offset if 0 <= offset < len(listed) else 0
    shown = listed[begins : begins + _ON_A_PAGE]
    line = _measure_lines if which.step is FindingStep.ACTIONS else _finding_lines
    text = "\n\n".join(
        (say(admin, f"{key}.head", count=len(listed)), *_numbered(shown, begins, lambda one: line(one, now, admin)))
    )
    each = [
        Choice(str(number), Tap(Verb.FINDING, one.finding.id, FindingStep.OPEN.value))
        for number, one in enumerate(shown, begins + 1)
    ]
    rows = [tuple(each[at : at + _IN_A_ROW]) for at in range(0, len(each), _IN_A_ROW)]
    pages = tuple(_pages(which, begins, len(listed), admin))
    return Prompt(clipped(text, LONGEST_MESSAGE), (*rows, pages) if pages else tuple(rows))


def _numbered(
    shown: Sequence[FindingView], begins: int, lines: Callable[[FindingView], Iterator[str]]
) -> Iterator[str]:
    for number, one in enumerate(shown, begins + 1):
        yield f"{number}. " + "\n".join(filter(None, lines(one)))


def _pages(which: ChatList, begins: int, number: int, admin: AdminLocale) -> Iterator[Choice]:
    if begins:
        before = max(begins - _ON_A_PAGE, 0)
        yield Choice(say(admin, "findings.earlier"), Tap(Verb.FINDING, "", which.step.value, before))
    if begins + _ON_A_PAGE < number:
        yield Choice(say(admin, "findings.later"), Tap(Verb.FINDING, "", which.step.value, begins + _ON_A_PAGE))


def _finding_lines(view: FindingView, now: datetime, admin: AdminLocale) -> Iterator[str]:
    finding = view.finding
    raised = say(admin, "findings.raised", count=view.customers) if view.customers else ""
    yield view.title
    department = defanged(finding.department, _LONGEST_NAME)
    yield " · ".join(filter(None, (department, raised, finding_standing(finding, now, admin))))


def _measure_lines(view: FindingView, now: datetime, admin: AdminLocale) -> Iterator[str]:
    measure = view.finding.measure or (view.finding.results[-1].measure if view.finding.results else None)
    yield defanged(measure.text, _LONGEST_NAME) if measure is not None else view.title
    yield finding_standing(view.finding, now, admin)
    if view.finding.state in (_STATES.UNDECIDED, _STATES.REACHED) and view.finding.results:
        yield figures_text(view.finding.results[-1], admin)


def finding_standing(finding: Finding, now: datetime, admin: AdminLocale) -> str:
    """Return in a few words where a finding stands: who is at it until when, or what it waits for."""
    measure = finding.measure
    if finding.state is _STATES.OPEN and finding.results:
        return say(admin, "standing.reopened")
    if measure is None:
        return say(admin, f"standing.{finding.state}", owner="", day="", span="")
    phrases, locale = admin.phrases, admin.locale
    last = measure.window.until if finding.state is _STATES.DONE else measure.due_at
    day = phrases.day(locale, last - A_MOMENT, admin.zone)
    late = phrases.span(locale, _whole_days(now - measure.due_at))
    return say(admin, f"standing.{finding.state}", owner=defanged(measure.owner, _LONGEST_NAME), day=day, span=late)


def _whole_days(length: timedelta) -> timedelta:
    return max(length - length % _A_DAY, _A_DAY)


def say(admin: AdminLocale, key: str, **values: object) -> str:
    """Return a phrase about findings in the language of the chat."""
    return admin.phrases.say(admin.locale, f"improvement.{key}", **values)
