"""Draws the rater's pages: the fields of the sheet, the look before it is sent, thanks with what is stored, notes."""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.evidence_files import LARGEST_FILE, TAKEN_FILES, is_evidence_file
from bot.handlers.rater_links import RaterLink
from bot.http.context import Web
from bot.http.rater_page.entered_sheet import (
    LONGEST_WORDS,
    NOT_APPLICABLE,
    EnteredSheet,
    FieldError,
    entered_before,
)
from bot.http.reader_language import language_of
from bot.http.survey_page.render import SURVEY_PAGES
from dialogs.forms.filled_sheet import FilledSheet, SheetEntry, fill_sheet
from dialogs.forms.model import ANONYMOUS_ROLES, Form, FormItem, FormSection, RaterRole, SheetField
from dialogs.survey import DEFAULT_LOCALE, in_locale
from dialogs.time.named_days import PeriodLength, named_days
from dialogs.time.periods import Period
from scoring.forms.raters import LEAST_SHOWN
from scoring.forms.sheet import rounded
from scoring.values import Value, field
from storage.model.filled_forms import AssessmentFile, FilledForm

__all__ = ["OpenedSheet", "RaterScreens"]

_IN_A_ROW = 6
"""Numbers that fit side by side on a narrow phone, each large enough for a thumb."""
_DIGITS = re.compile(r"\d+")
_LENGTHS = {
    PeriodLength.WEEK: "week",
    PeriodLength.MONTH: "month",
    PeriodLength.QUARTER: "quarter",
    PeriodLength.HALF: "first_half",
    PeriodLength.YEAR: "year",
}


class OpenedSheet(Value):
    """What a rater's link opens, with the files of the sheet by their ids."""

    link: RaterLink
    form: Form
    period: Period
    files: Mapping[str, AssessmentFile] = field(default_factory=dict)


class RaterScreens:
    """The pages for one request, in the reader's language."""

    def __init__(self, request: Request) -> None:
        self._request = request
        web: Web = request.app.state.web
        policy = web.receiver.policy
        self._locale = language_of(request, policy.team_speaks)
        self._say = partial(policy.phrases.say, self._locale)

    def fields(
        self,
        opened: OpenedSheet,
        entered: EnteredSheet,
        mistakes: Mapping[str, FieldError] | None = None,
        said: str = "",
        status: int = HTTPStatus.OK,
    ) -> Response:
        """Return the page with the fields of the sheet; `mistakes` by field, `said` is the key of a notice."""
        wrong = mistakes or {}
        notice = self._say(f"rater.{said}") if said else ""
        if wrong:
            notice, status = self._say("rater.mistakes", count=len(wrong)), HTTPStatus.UNPROCESSABLE_ENTITY
        form = opened.form
        sections = [self._section(opened, section, entered, wrong) for section in form.sections]
        values = {
            "sections": sections,
            "head": [self._line(line, entered, wrong) for line in form.head],
            "foot": [self._line(line, entered, wrong) for line in form.foot],
            "legend": self._legend(form),
            "columns": _columns(len(form.scale.values)),
            "said": notice,
            "first": f"x.{next(iter(wrong))}" if wrong else "",
            "is_typed": bool(entered.pressed),
            "takes_files": any(item.evidence for item in form.items),
            "kinds": TAKEN_FILES,
            "megabytes": LARGEST_FILE // 1024 // 1024,
            "unnamed": self._unnamed(opened.link.role),
            "hello": self._say("rater.hello", rater=opened.link.rater) if opened.link.rater else "",
        }
        return self._page("rater_fields", opened, values, status)

    def review(self, opened: OpenedSheet, entered: EnteredSheet, entry: SheetEntry) -> Response:
        """Return the page that shows what will be sent, with the same fields unseen."""
        hidden = [(f"v.{id_}", text) for id_, text in entered.values.items()]
        for id_ in entered.evidence:
            addresses, files = entered.shown_by(id_)
            hidden += [(f"e.{id_}", "\n".join(addresses))]
            hidden += [(f"g.{id_}.{number}", file) for number, file in enumerate(files, 1)]
        hidden += [(f"w.{id_}", text) for id_, text in entered.words.items()]
        values = {"hidden": hidden, **self._told(opened, fill_sheet(opened.form, entry), entered)}
        return self._page("rater_review", opened, values)

    def thanks(self, opened: OpenedSheet, stored: FilledForm, *, is_published: bool) -> Response:
        """Return the page with what is stored of this rater; before it is published they may change it."""
        told = self._told(opened, stored.sheet, entered_before(stored))
        return self._page(
            "rater_thanks", opened, told | {"unnamed": self._unnamed(opened.link.role), "is_published": is_published}
        )

    def note(self, key: str, status: int) -> Response:
        """Return a page that says one thing."""
        head, text = self._say(f"rater.{key}_title"), self._say(f"rater.{key}")
        values = {"title": head, "head": head, "text": text, "can_stop": False, "is_over": False}
        return self._render("note", values, status)

    def _page(self, template: str, opened: OpenedSheet, values: Mapping[str, object], status: int = 200) -> Response:
        link = opened.link
        common = {
            "title": in_locale(opened.form.title, self._locale),
            "subject": link.subject_name or link.subject,
            "period": self._period(opened.period.name),
            "is_self": link.role is RaterRole.SELF,
            "anonymous": link.role in ANONYMOUS_ROLES,
        }
        return self._render(template, {**common, **values}, status)

    def _render(self, template: str, values: Mapping[str, object], status: int) -> Response:
        here = self._request.path_params["token"]
        common = {"locale": self._locale, "say": self._say, "here": here, "privacy": ""}
        return SURVEY_PAGES.render(template, {**values, **common}, status, under="../s/")

    def _unnamed(self, role: RaterRole) -> str:
        return self._say("rater.unnamed", least=LEAST_SHOWN) if role in ANONYMOUS_ROLES else ""

    def _period(self, name: str) -> str:
        """Return a period in words: `2026 年第四季度` for `2026-Q4`; a day as it is written."""
        length = named_days(name).length
        year, number = (*map(int, _DIGITS.findall(name)), 0)[:2]
        if length not in _LENGTHS:
            return name
        is_second = length is PeriodLength.HALF and number > 1
        key = "second_half" if is_second else _LENGTHS[length]
        return self._say(f"rater.{key}", year=year, number=number)

    def _legend(self, form: Form) -> list[tuple[int, str]]:
        """Return the words of the scale, where items are rated on it."""
        words = _scale_words(form, self._locale)
        is_used = any(item.points is None for item in form.items)
        return [(value, words[value]) for value in form.scale.values if value in words] if is_used else []

    def _section(
        self, opened: OpenedSheet, section: FormSection, entered: EnteredSheet, wrong: Mapping[str, FieldError]
    ) -> dict[str, object]:
        items = [self._item(opened, item, entered, wrong) for item in section.items]
        name = in_locale(section.name, self._locale)
        return {"name": name, "weight": rounded(section.weight), "items": items}

    def _item(
        self, opened: OpenedSheet, item: FormItem, entered: EnteredSheet, wrong: Mapping[str, FieldError]
    ) -> dict[str, object]:
        typed, (addresses, files) = entered.values.get(item.id, ""), entered.shown_by(item.id)
        return {
            "id": item.id,
            "name": in_locale(item.name, self._locale),
            "definition": in_locale(item.definition, self._locale) if item.definition else "",
            "asked": self._asked(item),
            "points": self._points(opened.form) if item.points is None else (),
            "typed": typed,
            "may_not_apply": item.may_not_apply,
            "is_left_out": typed == NOT_APPLICABLE,
            "evidence": item.evidence,
            "addresses": "\n".join(addresses),
            "files": [file for one in files if (file := opened.files.get(one)) is not None],
            "wrong_file": self._wrong(wrong.get(f"f.{item.id}")),
            "wrong": self._wrong(wrong.get(f"v.{item.id}")),
            "wrong_address": self._wrong(wrong.get(f"e.{item.id}")),
        }

    def _points(self, form: Form) -> list[tuple[int, str]]:
        words = _scale_words(form, self._locale)
        return [(value, words.get(value, "")) for value in form.scale.values]

    def _asked(self, item: FormItem) -> str:
        """Return what is to be entered for an item that is not rated on the scale."""
        if item.figure is not None:
            key = "rater.at_most" if item.figure.is_limit else "rater.at_least"
            unit = in_locale(item.figure.unit, self._locale) if item.figure.unit else ""
            points = rounded(item.points or Fraction(0))
            return self._say(key, target=rounded(item.figure.target), unit=unit, points=points)
        return "" if item.points is None else self._say("rater.points", points=rounded(item.points))

    def _line(self, line: SheetField, entered: EnteredSheet, wrong: Mapping[str, FieldError]) -> dict[str, object]:
        return {
            "id": line.id,
            "name": in_locale(line.name, self._locale),
            "required": line.required,
            "text": entered.words.get(line.id, ""),
            "most": LONGEST_WORDS,
            "wrong": self._wrong(wrong.get(f"w.{line.id}")),
        }

    def _wrong(self, mistake: FieldError | None) -> str:
        return self._say(f"rater.wrong.{mistake.why}", highest=mistake.highest) if mistake else ""

    def _told(self, opened: OpenedSheet, sheet: FilledSheet, entered: EnteredSheet) -> dict[str, object]:
        """Return a sheet with its texts and result; its items as they were named when it was filled."""
        form = opened.form
        words = _scale_words(form, self._locale)
        points = {item.id: item.points is None for item in form.items}
        sections = [
            {
                "name": in_locale(section.name, self._locale),
                "weight": rounded(Fraction(section.weight)),
                "score": rounded(Fraction(section.score)) if section.score is not None else "",
                "items": [
                    {
                        "name": in_locale(item.name, self._locale),
                        "value": entered.values.get(item.id, ""),
                        "word": words.get(int(Fraction(item.value)), "") if item.value and points.get(item.id) else "",
                        "is_left_out": item.is_not_applicable,
                        "shown_by": self._shown_by(opened, entered.evidence.get(item.id, "")),
                    }
                    for item in sheet.items
                    if item.section == section.id
                ],
            }
            for section in sheet.sections
        ]
        lines = [(in_locale(line.name, self._locale), entered.words.get(line.id, "")) for line in _fields(form)]
        total = rounded(Fraction(sheet.total)) if sheet.total is not None else ""
        grade = in_locale(sheet.grade, self._locale) if sheet.grade else ""
        told = [(name, text) for name, text in lines if text]
        return {"sections": sections, "lines": told, "total": total, "grade": grade}

    def _shown_by(self, opened: OpenedSheet, evidence: str) -> list[tuple[str, str]]:
        """Return the evidence of an item, each with its address and what it is called; a file leads to this page."""
        here = self._request.path_params["token"]
        named = ((one, opened.files.get(one)) for one in evidence.split())
        return [
            (one, one) if file is None else (f"./{here}/files/{one}", file.name)
            for one, file in named
            if file is not None or not is_evidence_file(one)
        ]


def _scale_words(form: Form, locale: str) -> Mapping[int, str]:
    """Return the words of a form's scale in a language, else in Simplified Chinese, else in the first there is."""
    labels = form.scale.labels
    return labels.get(locale) or labels.get(DEFAULT_LOCALE) or next(iter(labels.values()), {})


def _columns(points: int) -> int:
    """Return in how many columns so many numbers stand, in rows that are as long as each other."""
    return -(-points // -(-points // _IN_A_ROW))


def _fields(form: Form) -> tuple[SheetField, ...]:
    return (*form.head, *form.foot)
