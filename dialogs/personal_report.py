"""What is held about a person, in plain words and by section: beside the file, which has all of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.phrases import Phrases
from dialogs.privacy import Privacy
from dialogs.survey import Survey, SurveyKey, in_locale
from scoring.values import Value

__all__ = ["TOLD_KINDS", "ReportReader", "ReportSection", "personal_report", "report_summary"]

Json = Mapping[str, Any]
_DAY = timedelta(days=1)


class ReportReader(Value):
    """How the reader is spoken to, and what the report's ids mean: every version of a survey ever asked."""

    phrases: Phrases
    locale: str
    zone: ZoneInfo
    surveys: Mapping[SurveyKey, Survey]
    privacy: Privacy

    def say(self, key: str, **values: object) -> str:
        """Return a phrase of the report."""
        return self.phrases.say(self.locale, f"my_data.{key}", **values)

    def day(self, at: str | None) -> str:
        """Return the day of an instant in ISO 8601, empty for none."""
        return self.phrases.day(self.locale, datetime.fromisoformat(at), self.zone) if at else ""


class ReportSection(Value):
    """A heading with its lines; `brief` says as much in a few words."""

    title: str
    brief: str
    lines: tuple[str, ...]


def personal_report(held: Json, reader: ReportReader) -> tuple[ReportSection, ...]:
    """Return what an export holds, by section; those with nothing in them are left out."""
    found = (_section(kind, tuple(lines(held, reader)), reader) for kind, lines in _SECTIONS.items())
    return tuple(section for section in found if section.lines)


def report_summary(sections: Iterable[ReportSection], reader: ReportReader) -> str:
    """Return the sections as a short message, a line for each."""
    lines = (reader.say("brief", title=section.title, text=section.brief) for section in sections)
    return "\n".join((reader.say("head"), *lines, "", reader.say("foot")))


def _section(kind: str, lines: tuple[str, ...], reader: ReportReader) -> ReportSection:
    whole = kind in _TOLD_WHOLE
    brief = reader.say("and").join(lines) if whole else reader.say("items", count=_count(lines))
    return ReportSection(reader.say(kind), brief, lines)


def _count(lines: Iterable[str]) -> int:
    """Return how many entries there are; a line that belongs to the one before begins with a blank."""
    return sum(not line.startswith(" ") for line in lines)


def _who(held: Json, reader: ReportReader) -> Iterator[str]:
    customer = held["customer"]
    for name in ("name", "phone", "email", "postal_address", "timezone"):
        if customer[name]:
            yield reader.say(name, text=customer[name])
    if customer["locale"]:
        yield reader.say("locale", text=reader.phrases.say(customer["locale"], "language.name"))
    if customer["opted_out_at"]:
        yield reader.say("opted_out", day=reader.day(customer["opted_out_at"]))


def _contacts(held: Json, reader: ReportReader) -> Iterator[str]:
    spoken = reader.phrases.texts[reader.phrases.locale(reader.locale)]
    for contact in held["contacts"]:
        channel = spoken.get(f"my_data.chat_{contact['channel']}", contact["channel"])
        yield reader.say("contact", channel=channel, chat=contact["chat"])


def _tickets(held: Json, reader: ReportReader) -> Iterator[str]:
    for ticket in held["tickets"]:
        subject = ticket["subject"] or f"{ticket['source']}/{ticket['id']}"
        about = (reader.day(ticket["closed_at"] or ticket["opened_at"]), ticket["product"], ticket["agent_name"])
        yield reader.say("and").join(filter(None, (reader.say("ticket", subject=subject), *about)))


def _ratings(held: Json, reader: ReportReader) -> Iterator[str]:
    for interview in held["interviews"]:
        survey = reader.surveys.get((interview["survey"][0], interview["survey"][1]))
        title = in_locale(survey.title, reader.locale) if survey is not None else interview["survey"][0]
        yield reader.say("survey", day=reader.day(interview["asked_at"]), title=title)
        for answer in interview["answers"]:
            name = _question(survey, answer["question"], reader.locale)
            yield "  " + reader.say("answer", question=name, value=answer["value"])
            if answer["text"]:
                yield "  " + reader.say("words", text=answer["text"])
        others = (words["text"] for words in interview.get("said", ()))  # what was no answer
        for text in filter(None, (*others, interview["comment"])):
            yield "  " + reader.say("words", text=text)


def _question(survey: Survey | None, question: str, locale: str) -> str:
    names = {asked.id: in_locale(asked.name, locale) for asked in survey.questions} if survey is not None else {}
    return names.get(question, question)


def _issues(held: Json, reader: ReportReader) -> Iterator[str]:
    for issue in held["issues"]:
        told = (issue["title"], issue["text"], *(quote["text"] for quote in issue["quotes"]))
        words = reader.say("and").join(filter(None, told)) or reader.say("issue")
        yield reader.say("dated", day=reader.day(issue["opened_at"]), text=words)
        for quote in issue["quotes"]:
            yield "  " + reader.say("words", text=quote["text"])
        for name in ("progress", "question", "note"):
            if issue[name]:
                yield "  " + reader.say(f"issue_{name}", text=issue[name])


def _messages(held: Json, reader: ReportReader) -> Iterator[str]:
    for message in held["messages"]:
        text = " ".join(message["prompt"]["text"].split())
        if text:
            yield reader.say("dated", day=reader.day(message["sent_at"]) or reader.say("unsent"), text=text)


def _kept(_held: Json, reader: ReportReader) -> Iterator[str]:
    for kind, length in reader.privacy.kept:
        period = "for_ever" if length is None else "days"
        told = reader.phrases.say(
            reader.locale, f"privacy_page.{period}", **({} if length is None else {"count": -(-length // _DAY)})
        )
        yield reader.say("dated", day=reader.phrases.say(reader.locale, f"privacy_page.kept_{kind}"), text=told)


def _counted(kinds: tuple[str, ...], key: str, held: Json, reader: ReportReader) -> Iterator[str]:
    count = sum(len(held[kind]) for kind in kinds)
    if count:
        yield reader.say(key, count=count)


_RECORDS = (
    "answers", "invitations", "attempts", "windows", "grants", "targets", "tokens", "requests", "timeline", "cards",
    "closings", "ratings", "exclusions", "assessments", "sheet_files", "voices", "readings",
)  # fmt: skip

_SECTIONS: Mapping[str, Callable[[Json, ReportReader], Iterator[str]]] = {
    "customer": _who,
    "contacts": _contacts,
    "tickets": _tickets,
    "interviews": _ratings,
    "issues": _issues,
    "messages": _messages,
    "deliveries": partial(_counted, ("deliveries",), "received"),
    "records": partial(_counted, _RECORDS, "recorded"),
    "kept": _kept,
}
"""The sections in their order, each after the kind of the export that it tells of; `records` tells of several."""

_TOLD_WHOLE = frozenset({"customer", "contacts", "deliveries", "records", "kept"})
TOLD_KINDS = frozenset({*_SECTIONS, *_RECORDS} - {"records", "kept"})
"""The kinds of an export of which the report tells."""
