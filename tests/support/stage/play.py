"""Performs a script on the Stage and writes the whole transcript anew: the script's lines, and what came of each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import assert_never

from bot.channels.sandbox.channel import PHONE, TEAM
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Invalid, IssueOutcome, NotFound
from bot.handlers.improvement.commands import NewFinding, conclude_measure, open_finding
from bot.handlers.improvement.terms import BY_TIME
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, IssueRefusal, IssueResult, Resolution
from bot.handlers.issues.workers import assign_issue
from dialogs.improvement.model import Finding, FindingKind, Measured, MeasureResult, Verdict
from dialogs.interview.model import Interview
from dialogs.issue.cards import short_number
from dialogs.issue.model import Issue
from dialogs.messages import Address, Joined, Left, Person, Text
from scoring.values import replace
from storage.model.records import TicketStatus
from storage.unit_of_work.writer import Decision
from tests.support.stage.ending import ending
from tests.support.stage.opening import BOSS, NEWCOMER, event_of, policy_of
from tests.support.stage.paper import MARGIN, drawn, wrapped
from tests.support.stage.script import (
    ZONE,
    Api,
    Found,
    Header,
    Line,
    Note,
    ScriptError,
    Speech,
    Telling,
    Tick,
    read_script,
)
from tests.support.stage.world import Appeared, Happening, Stage, Toasted

__all__ = ["perform"]

_A_MOMENT = timedelta(seconds=5)
"""What passes between two lines of a script."""

_WHOSE = {TEAM: "team", BOSS: "boss", NEWCOMER: "new "}
"""In whose chat a line stands; the customer's bears no name."""


def perform(text: str, look: Callable[[Stage], None] = lambda _stage: None) -> str:
    """Return a transcript as it comes out today; `look` sees the Stage at the end.

    Raises what a script cannot do, with its line.
    """
    script = read_script(text)
    play = _Play(script.header)
    written = [*script.head, ""]
    for raw, line in script.lines:
        try:
            written += play.numbered(play.lines(raw, line))
        except Exception as why:
            why.add_note(f"at the line: {raw}")
            raise
    look(play.stage)
    return "\n".join((*written, "", *ending(play.stage.rows, ZONE), ""))


class _Play:
    """One performance."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.stage = Stage(policy_of(header), header.clock.astimezone(UTC))
        self.minute = ""
        self.typed: dict[str, str] = {}

    def lines(self, raw: str, line: Line) -> Iterator[str]:
        """Perform a line; return it with what followed."""
        if isinstance(line, Note):
            yield from ("", raw)
            return
        yield raw
        if isinstance(line, Tick):
            self.stage.wait(line.length)
            yield from self._told(timed=True) or [self._mark(self.stage.now)]
            return
        yield from self._do(line)
        yield from self._told(timed=False)
        self.stage.wait(_A_MOMENT)
        yield from self._told(timed=True)

    def numbered(self, lines: Iterable[str]) -> Iterator[str]:
        """Call issues #00001, #00002 …: how a number is derived is nothing that a reader should have to notice."""
        for line in lines:
            yield _renamed(line, self._numbers())

    def _numbers(self) -> dict[str, str]:
        return {short_number(issue.id): f"#{n:05}" for n, issue in enumerate(self.stage.rows.listed(Issue), 1)}

    def _do(self, line: Speech | Telling | Api | Found) -> Iterator[str]:
        match line:
            case Speech():
                self._speak(line)
            case Telling(what) if what.startswith("measure "):
                _conclude(self.stage, what.removeprefix("measure "))
            case Telling(what):
                self._tell(what)
            case Found():
                _found(self.stage, line)
            case Api():
                yield f"{MARGIN}({_answer(self.stage.desk(self._command(line)))})"
            case never:
                assert_never(never)
        if not self.stage.happened and isinstance(line, Speech):
            yield f"{MARGIN}(nothing)"

    # -- people ------------------------------------------------------------------------------------------------

    def _speak(self, speech: Speech) -> None:
        place, person = self._at_home(speech.who)
        chat = self.stage.chats[place]
        if speech.button:
            label = _renamed(speech.button, {shown: number for number, shown in self._numbers().items()})
            message, tap = chat.button(label, speech.how)
            self.stage.hear(place, person, tap, message)
            return
        if speech.how == "edits":
            self.stage.hear(place, person, Text(speech.text, edited=True), self.typed[speech.who])
            return
        answered = chat.asking() if speech.how == "replies" else ""
        self.typed[speech.who] = self.stage.hear(place, person, Text(speech.text, answered))

    def _at_home(self, who: str) -> tuple[Address, Person]:
        if who == self.header.customer:
            return PHONE, Person("p1", who)
        if who == self.header.admin:
            return BOSS, Person(BOSS.chat, who, self.header.locale)
        if who == self.header.newcomer:
            return NEWCOMER, Person(NEWCOMER.chat, who, self.header.locale)
        if who not in self.header.team:
            raise ScriptError(f"{who} is neither the customer, the admin nor of the team in the header")
        return TEAM, Person(f"u{self.header.team.index(who)}", who)

    # -- help desk, platform, API ------------------------------------------------------------------------------

    def _tell(self, what: str) -> None:
        match what:
            case "chat blocked" | "chat unblocked":
                self.stage.shut ^= {PHONE}
                self.stage.hear(PHONE, Person("p1"), Left() if what == "chat blocked" else Joined())
            case _:
                self.stage.ticket(event_of(self.header, TicketStatus(what.removeprefix("ticket "))))

    def _command(self, api: Api) -> Callable[[DecisionContext], Decision[IssueResult]]:
        issue, by = self.stage.rows.listed(Issue)[-1].id, Actor(api.who)
        resolution = Resolution(api.text, notify="silently" not in api.verb)
        known: dict[str, Callable[[DecisionContext], Decision[IssueResult]]] = {
            "claim": lambda context: commands.claim_issue(context, issue, by),
            "assign": lambda context: assign_issue(context, issue, by, api.text),
            "release": lambda context: commands.release_issue(context, issue, by),
            "reopen": lambda context: commands.reopen_issue(context, issue, by, api.text),
            "progress": lambda context: commands.report_progress(context, issue, by, api.text),
            "ask": lambda context: commands.ask_customer(context, issue, by, api.text),
        }
        return known.get(api.verb, lambda context: commands.resolve_issue(context, issue, by, resolution))

    # -- what came of it ---------------------------------------------------------------------------------------

    def _told(self, *, timed: bool) -> list[str]:
        happened = self.stage.take_happened()
        lines: list[str] = []
        for happening in happened:
            mark = self._mark(happening.at)
            if timed and mark != self.minute:
                lines.append(mark)
                self.minute = mark
            lines += _written(happening)
        return lines

    def _mark(self, at: datetime) -> str:
        return f"{MARGIN}— {at.astimezone(ZONE):%m-%d %H:%M} —"


def _renamed(text: str, names: Mapping[str, str]) -> str:
    return reduce(lambda said, name: said.replace(name, names[name]), names, text)


def _written(happening: Happening) -> Iterator[str]:
    match happening:
        case Toasted(text=text, alert=alert):
            yield from (f"{MARGIN}{line}" for line in wrapped(f"(! {text})" if alert else f"({text})"))
        case Appeared(message=message, before=before):
            who = _WHOSE.get(message.address, "    ")
            mark = f"{who}{':' if before is None else '~'} "
            yield from drawn(message.prompt, mark, before, brief=bool(who.strip()))
        case never:
            assert_never(never)


def _answer(answer: IssueResult) -> str:
    match answer:
        case IssueOutcome(issue):
            return f"200: the issue is {issue.state.value}"
        case NotFound(what):
            return f"404: there is no {what}"
        case IssueRefusal(detail=detail):
            return f"409: {detail}"
        case Invalid(field, problem):
            return f"422: {field}: {problem}"
        case never:
            assert_never(never)


# -- findings --------------------------------------------------------------------------------------------------------

_BEFORE = Measured("16", 40)
_AFTER = {
    "reached": (Verdict.REACHED, Measured("4", 38), ("-12", "-18", "-5")),
    "not reached": (Verdict.NOT_REACHED, Measured("15", 37), ("-1", "-6", "4")),
    "too few": (Verdict.TOO_FEW, Measured(None, 9), None),
}


def _found(stage: Stage, line: Found) -> None:
    """Open a finding that the customer raised by what they answered last."""
    responses = tuple(one.id for one in stage.rows.listed(Interview)[-1:])
    new = NewFinding(line.text, FindingKind.SUGGESTION, line.text, line.department, "desk", responses=responses)
    stage.decide(lambda context: open_finding(context, new))


def _conclude(stage: Stage, what: str) -> None:
    """Verify the measure of the latest finding, by figures that the script does not have to bring about."""
    finding = stage.rows.listed(Finding)[-1]
    assert finding.measure is not None, "nothing is verified without a measure"
    verdict, after, effect = _AFTER[what]
    result = MeasureResult(finding.measure, verdict, _BEFORE, after, stage.now)
    shown = replace(result, effect=effect[0], low=effect[1], high=effect[2]) if effect is not None else result
    stage.decide(lambda context: conclude_measure(context, finding.id, BY_TIME, shown))
