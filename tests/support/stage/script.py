"""A transcript as written: its header, the lines that are the script, and all the others, which are checked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.values.durations import read_duration

__all__ = [
    "Api",
    "Found",
    "Header",
    "Line",
    "Note",
    "Script",
    "ScriptError",
    "Speech",
    "Telling",
    "Tick",
    "read_script",
]

ZONE = ZoneInfo("Asia/Shanghai")
"""The clock of a transcript: the product's default zone, which nobody has set otherwise."""

_PAIRS = re.compile(r" {2,}")
_SPEECH = re.compile(r"(?P<who>[^\s>:=#][^>:=]*?)> *(?:\((?P<how>edits|replies|late|above)\) )?(?P<what>.*)")
_BUTTON = re.compile(r"\[(?P<label>.+)\]")
_WAIT = re.compile(r"wait (?P<length>\S+)")
_TELLING = re.compile(
    r"(?P<what>ticket closed|ticket reopened|chat blocked|chat unblocked|measure (?:reached|not reached|too few))"
)
_FOUND = re.compile(r"finding (?P<department>[^:]+): (?P<text>.+)")
_API = re.compile(
    r"api (?P<verb>claim|assign|release|resolve silently|resolve|reopen|progress|ask) (?P<who>[^:]+)(?:: (?P<text>.+))?"
)
_WANTED = ("survey", "locale", "clock", "customer")
_KNOWN = {*_WANTED, "agent", "ticket", "team", "admin", "newcomer"}


class ScriptError(AssertionError):
    """A line of a transcript that means nothing."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the first line: `clock` is local, `settings` are keys of huifang.toml."""

    survey: str
    locale: str
    clock: datetime
    customer: str
    agent: str = ""
    ticket: str = ""
    team: tuple[str, ...] = ()
    admin: str = ""
    newcomer: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for the reader."""

    text: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Somebody types `text` or presses `button`; `how` says which words or button is meant.

    `edits` rewords what they typed last, `replies` answers the last question that asks for typed words, `late` presses
    a button that an edit has taken away meanwhile, `above` one of an older message.
    """

    who: str
    text: str
    button: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class Telling:
    """The help desk or the platform tells of something."""

    what: str


@dataclass(frozen=True, slots=True)
class Api:
    """A colleague works by API."""

    verb: str
    who: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A department has something to improve, which the customer raised by their latest response."""

    department: str
    text: str


Line = Note | Speech | Tick | Telling | Api | Found


@dataclass(frozen=True, slots=True)
class Script:
    """A transcript: how it begins, word for word, and its script lines with their wording."""

    head: tuple[str, ...]
    header: Header
    lines: tuple[tuple[str, Line], ...]


def read_script(text: str) -> Script:
    """Read a transcript; raises ScriptError with the line that is wrong."""
    head, _, body = text.partition("\n\n")
    top = tuple(line.rstrip() for line in head.split("\n"))
    return Script(top, _header(top), tuple(_lines(body)))


def _header(top: tuple[str, ...]) -> Header:
    if not top[0].startswith("# "):
        raise ScriptError("a transcript begins with `# ` and a sentence that says what it shows")
    pairs = [pair for line in top if not line.startswith("#") for pair in _PAIRS.split(line.strip())]
    settings = dict(_setting(pair.removeprefix("set: ")) for pair in pairs if pair.startswith("set: "))
    said = dict(_said(pair) for pair in pairs if not pair.startswith("set: "))
    if missing := [name for name in _WANTED if name not in said]:
        raise ScriptError(f"the header does not say {', '.join(missing)}")
    clock = datetime.strptime(said["clock"], "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
    team = tuple(name.strip() for name in re.split(r"[,，、]", said.get("team", "")) if name.strip())
    names = (said["survey"], said["locale"], clock, said["customer"], said.get("agent", ""), said.get("ticket", ""))
    return Header(*names, team, said.get("admin", ""), said.get("newcomer", ""), settings)


def _said(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition(": ")
    if name not in _KNOWN or not value:
        raise ScriptError(f"{pair!r} in the header: write one of {', '.join(sorted(_KNOWN))} and `: ` before its value")
    return name, value


def _setting(pair: str) -> tuple[str, str]:
    key, sign, value = pair.partition("=")
    if not sign:
        raise ScriptError(f"set: {pair}: write it as set: survey.quiet_hours=off")
    return key, value


def _lines(body: str) -> Iterator[tuple[str, Line]]:
    for raw in body.split("\n"):
        line = raw.rstrip()
        if line and not line.startswith((" ", "=", "team:", "team~", "boss:", "boss~", "new :", "new ~")):
            yield line, _line(line)


def _line(line: str) -> Line:
    if line.startswith("#"):
        return Note(line)
    if found := _WAIT.fullmatch(line):
        return Tick(read_duration(found["length"]))
    if found := _TELLING.fullmatch(line):
        return Telling(found["what"])
    if found := _FOUND.fullmatch(line):
        return Found(found["department"], found["text"])
    if found := _API.fullmatch(line):
        return Api(found["verb"], found["who"], found["text"] or "")
    if found := _SPEECH.fullmatch(line):
        pressed = _BUTTON.fullmatch(found["what"])
        return Speech(found["who"], found["what"], pressed["label"] if pressed else "", found["how"] or "")
    raise ScriptError(f"{line!r}: a script line is `name> words`, `wait 12h`, `ticket closed`, `api claim name`, …")
