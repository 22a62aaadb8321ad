"""Reads the files of the sample company: who works there, its seasons and stories, and the words of its customers."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from dialogs.survey import Texts, in_locale
from scoring.values import Value, field

__all__ = [
    "CommentWording",
    "CompanyChange",
    "CompanyFinding",
    "CompanyPlan",
    "CompanyTeam",
    "Technician",
    "Weighted",
    "read_company",
]

_FILES = Path(__file__).parents[1] / "defaults" / "sample"

Levels = Mapping[str, float]
"""How much better than usual something is, by question; 0 where nothing is said."""


class Weighted(Value):
    """Something that happens as often as its `share`, in each month of the year by `months`, if that is not empty.

    `resent` is how often goods are sent again for it, `service` what kind of service it is, `answers` the share of
    those asked on it who answer. `called` is what customers call it in their language.
    """

    name: str
    share: float
    months: tuple[float, ...] = ()
    resent: float = 0.0
    service: str = ""
    answers: float = 0.0
    called: Texts = field(default_factory=dict)


class CompanyTeam(Value):
    """A team with its area and its stations."""

    name: str
    area: str
    stations: tuple[str, ...]
    level: Levels = field(default_factory=dict)


class Technician(Value):
    """Somebody who repairs, with their share of the team's work; `visits` are those of a newcomer's first month."""

    id: str
    name: str
    team: int
    share: float = 0.0
    level: Levels = field(default_factory=dict)
    repeats: float | None = None
    complaints: float | None = None
    visits: int = 0


class CompanyFinding(Value):
    """What was wrong, the `measure` that answers it with its `owner`, and what a `metric` has to reach."""

    text: str
    measure: str
    owner: str
    department: str
    metric: str
    target: int


class CompanyChange(Value):
    """What was changed in a `month` of the year from its day `begins` on; `before` is the level that a question had."""

    month: int
    begins: int
    dimension: str
    before: float | None
    finding: CompanyFinding


class CommentWording(Value):
    """How customers write in a language: slots, and by question what they praise and blame; `frame` joins it."""

    slots: Mapping[str, Sequence[str]]
    said: Mapping[tuple[str, bool], Sequence[str]]
    frame: Mapping[str, Sequence[str]]


class CompanyPlan(Value):
    """All of the sample company, in one language but for what customers write."""

    numbers: Mapping[str, float]
    months: tuple[float, ...]
    weekdays: tuple[float, ...]
    peaks: tuple[tuple[str, str, float], ...]
    level: Levels
    teams: tuple[CompanyTeam, ...]
    technicians: tuple[Technician, ...]
    newcomer: Technician
    products: tuple[Weighted, ...]
    categories: tuple[Weighted, ...]
    channels: tuple[Weighted, ...]
    unsent: Mapping[str, float]
    languages: Mapping[str, float]
    changes: tuple[CompanyChange, ...]
    coaching: CompanyFinding
    coached: Technician
    complaints_about: Mapping[str, Sequence[str]]
    wording: Mapping[str, CommentWording]
    surnames: Mapping[str, Sequence[str]]
    titles: Mapping[str, Sequence[str]]
    words: Mapping[str, str]
    resolutions: tuple[str, ...]
    causes: tuple[str, ...]
    repairs: tuple[str, ...]


def _languages(shares: Mapping[str, float], locale: str) -> dict[str, float]:
    """Return how many customers write in which language; most of them in that of the company."""
    most = max(shares, key=lambda language: shares[language])
    return {**shares, most: shares.get(locale, shares[most]), **({locale: shares[most]} if locale in shares else {})}


@cache
def read_company(locale: str) -> CompanyPlan:
    """Return the sample company with its names in a language."""
    told, words = _file("company"), _file("words")
    numbers = ("visits_per_customer_a_month", "repeats", "complaints", "orders_per_visit")
    named = [_technician(one, f"sample-{place}", locale) for place, one in enumerate(told["agents"], 1)]
    findings = {one["change"]: one for one in words["findings"]}
    coaching = words["coaching"]
    issue = words["issue"]
    return CompanyPlan(
        numbers={name: float(told[name]) for name in numbers},
        months=tuple(told["months"]),
        weekdays=tuple(told["weekdays"]),
        peaks=tuple((one["from"], one["until"], one["times"]) for one in told["peaks"]),
        level=told["level"],
        teams=tuple(_team(one, locale) for one in told["teams"]),
        technicians=tuple(named),
        newcomer=_technician(told["newcomer"], "sample-0", locale),
        products=tuple(_weighted(one, locale) for one in told["products"]),
        categories=tuple(_weighted(one, locale) for one in told["categories"]),
        channels=tuple(Weighted(one["id"], one["share"], answers=one["answers"]) for one in told["channels"]),
        unsent=told["unsent"],
        languages=_languages(told["languages"], locale),
        changes=tuple(_change(one, _finding(findings[one["id"]], one, locale)) for one in told["changes"]),
        coaching=_finding(coaching, coaching, locale),
        coached=named[coaching["technician"]],
        complaints_about=told["complaints_about"],
        wording={language: _wording(_file(f"comments_{language}")) for language in told["languages"]},
        surnames=words["people"],
        titles=words["people_titles"],
        words={
            "conclusion": in_locale(words["remark"]["conclusion"], locale),
            "measures": in_locale(words["remark"]["measures"], locale),
            "concluded_by": in_locale(words["remark"]["by"], locale),
            "origin": in_locale(words["benchmark"]["origin"], locale),
            "lead": in_locale(words["team"]["by"], locale),
            "helper": in_locale(words["team"]["helper"], locale),
            "auditor": in_locale(words["checks"]["by"], locale),
            "follow_up": in_locale(words["checks"]["follow_up"], locale),
            "not_solved": in_locale(issue["not_solved"], locale),
        },
        resolutions=tuple(in_locale(one, locale) for one in issue["resolved"]),
        causes=tuple(in_locale(one, locale) for one in issue["causes"]),
        repairs=tuple(in_locale(one, locale) for one in words["repair"]["measures"]),
    )


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((_FILES / f"{name}.toml").read_text("utf-8"))


def _texts(one: Mapping[str, Any], key: str, locale: str) -> str:
    texts: Texts = one[key]
    return in_locale(texts, locale)


def _team(one: Mapping[str, Any], locale: str) -> CompanyTeam:
    stations = tuple(in_locale(texts, locale) for texts in one["stations"])
    return CompanyTeam(_texts(one, "name", locale), _texts(one, "area", locale), stations, one.get("level", {}))


def _technician(one: Mapping[str, Any], id_: str, locale: str) -> Technician:
    more = {name: one[name] for name in ("share", "level", "repeats", "complaints", "visits") if name in one}
    return Technician(id_, _texts(one, "name", locale), one["team"], **more)


def _weighted(one: Mapping[str, Any], locale: str) -> Weighted:
    service = _texts(one, "service", locale) if "service" in one else ""
    months = tuple(one.get("months", ()))
    resent, called = one.get("resent", 0.0), one["name"]
    return Weighted(_texts(one, "name", locale), one["share"], months, resent, service, called=called)


def _change(one: Mapping[str, Any], finding: CompanyFinding) -> CompanyChange:
    return CompanyChange(one["month"], one["from"], one["dimension"], one.get("before"), finding)


_FINDING_WORDS = ("text", "measure", "owner", "department")


def _finding(told: Mapping[str, Any], aim: Mapping[str, Any], locale: str) -> CompanyFinding:
    text, measure, owner, department = (_texts(told, name, locale) for name in _FINDING_WORDS)
    return CompanyFinding(text, measure, owner, department, aim["metric"], aim["target"])


def _wording(told: Mapping[str, Any]) -> CommentWording:
    said = {
        (question, is_good): tuple(sides["good" if is_good else "bad"])
        for question, sides in told.items()
        if question not in ("slots", "frame")
        for is_good in (True, False)
    }
    return CommentWording(told["slots"], said, told["frame"])
