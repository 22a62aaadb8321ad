"""`huifang assess`: fill a form in the terminal, question by question, and see what the sheets come to."""

import sys
from base64 import b64decode
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from bot.cli.common import Commands, Options, add_command, call_command, settings_of, write_whole
from bot.control.protocol import CommandProblem
from config.errors import InvalidValue
from config.forms.load import read_forms
from config.values.numbers import read_number
from config.values.strings import did_you_mean
from config.values.urls_and_zones import LOCALES
from dialogs.forms.model import Form, FormItem, RaterRole, form_in_force
from dialogs.survey import in_locale
from dialogs.time.named_days import is_calendar_name, named_days
from scoring.forms.sheet import rounded

__all__ = ["add_to", "result_lines"]

Json = dict[str, Any]
_NOT_APPLICABLE = ("na", "n/a")
_OPEN = ("", "-")
_OUT = "out"


def add_to(commands: Commands) -> None:
    """Add the command `assess`."""
    assess = add_command(commands, "assess", "fill a form about a person, team or station; see its result", _assess)
    assess.add_argument("form", metavar="FORM", nargs="?", help="its id; without one the forms are listed")
    assess.add_argument("--subject", metavar="ID", help="whom or what it is about; asked for otherwise")
    assess.add_argument("--period", metavar="PERIOD", help="such as 2026-11, 2026-Q4 or 2026; asked for otherwise")
    assess.add_argument("--role", choices=[*RaterRole], help="how the rater stands to the subject")
    assess.add_argument("--rater", metavar="NAME", help="who rates; asked for otherwise")
    assess.add_argument("--customer", metavar="ID", default="", help="the customer whose answers are entered")
    assess.add_argument("--sheet-no", metavar="NUMBER", default="", help="the number on their paper")
    assess.add_argument("--source", default="", help="how they came: web, sms, phone, paper, onsite, platform")
    assess.add_argument("--by", metavar="NAME", help="who enters it; the rater by default")
    assess.add_argument("--reason", default="", help="why a sheet that is stored already is corrected")
    assess.add_argument("--locale", default="zh-Hans", choices=LOCALES, help="language to ask in")
    assess.add_argument("--link", action="store_true", help="fill nothing; print the rater's own page to send them")
    assess.add_argument("--name", metavar="NAME", default="", help="with --link: how their page calls the subject")
    assess.add_argument("--days", type=int, default=14, help="with --link: how long it opens, 14 by default")
    assess.add_argument("--files", metavar="SHEET", help="fill nothing; list a sheet's files, with -o write them there")
    assess.add_argument("-o", dest="folder", metavar="DIR", type=Path, help="of --files: the folder to write into")
    assess.add_argument(
        "--adjust",
        metavar="POINTS",
        help="fill nothing; add points (5, or --adjust=-3) with --reason and --by; `out` leaves out",
    )
    assess.add_argument(
        "--rules", default="in_force", choices=("in_force", "latest"), help="`latest`: by the form that holds last"
    )
    assess.add_argument("--results", action="store_true", help="fill nothing; show what the stored sheets come to")
    assess.add_argument(
        "--view", default="full", choices=("full", "rated"), help="`rated`: with what named raters wrote"
    )


def _assess(options: Options) -> None:
    forms = read_forms(settings_of(options).files.directory)
    if options.files:
        _files(options)
        return
    if options.form is None:
        for form in forms.values():
            print(f"{form.id}  {in_locale(form.title, options.locale)}  ({form.subject}; {', '.join(form.raters)})")
        return
    if options.form not in forms:
        known = did_you_mean(options.form, forms, f"There are {', '.join(forms)}.")
        raise CommandProblem(f"there is no form {options.form!r}. {known}")
    form = forms[options.form]
    if options.results:
        _show_result(options, form)
    elif options.adjust:
        _adjust(options, form)
    elif options.link:
        _link(options, form)
    else:
        _fill(options, form)


def _files(options: Options) -> None:
    """Print the files of a sheet, and write them where a folder is named; none that is there is overwritten."""
    found = call_command(options, "assess files", assessment=options.files)["items"]
    print("\n".join(f"{one['id']}  {one['item']}  {one['name']}  {one['size']} bytes" for one in found) or "no files")
    if options.folder is None:
        return
    options.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for number, one in enumerate(found, 1):
        path = options.folder / f"{number:02} {one['name']}"
        if path.exists():
            raise CommandProblem(f"{path} is there already; name another folder")
        held = call_command(options, "assess fetch", assessment=options.files, file=one["id"])
        write_whole(path, b64decode(held["content"]))


def _show_result(options: Options, form: Form) -> None:
    if not (options.subject and options.period):
        raise CommandProblem("name the subject and the period: --subject ID --period 2026-Q4")
    wanted = {"form": form.id, "subject": options.subject, "period": options.period, "view": options.view}
    wanted["rules"] = options.rules
    result = call_command(options, "assess results", **wanted)
    print("\n".join(result_lines(result)))


def result_lines(result: Json) -> list[str]:
    """Return a result as it is printed: each role, each part, what is lacking, the total with its formula."""
    lines = [f"{result['title']} · {result['subject']} · {result['period']}"]
    lines += (
        f"  {role['role']}: {_decimal(role['mean'])} by {role['raters']}, weight {_decimal(role['weight'])} %"
        for role in result["roles"]
    )
    lines += (f"  {part['period']}: {_total(part)}" for part in result["parts"])
    lines += (f"  {line}" for line in _remarks(result))
    lines += _customers(result)
    lines += (f"  {_added(line)}" for line in result["adjustments"])
    for one in result["comments"]:
        text = " ".join(one["text"].split())
        lines.append(f"  {one['role']} {one['rater'] or ''} {one['period']}, {one['field']}: {text}")
    if result["effective_from"]:
        lines.append(f"  by {result['form']} {result['version']}, in force from {result['effective_from']}")
    told = f" = {result['formula']}" if result["formula"] else ""
    return [*lines, f"  total {_total(result)}{told}"]


def _customers(result: Json) -> list[str]:
    """Return the line of the customers' part, where the form gives them one."""
    theirs = result["customers"]
    if theirs is None:
        return []
    score = f"not told ({theirs['state']}), the sheets decide alone" if theirs["score"] is None else ""
    score = score or f"{_decimal(theirs['score'])}, weight {_decimal(theirs['share'])} %"
    return [f"  customers' ratings: {score}; {theirs['people']} people"]


def _adjust(options: Options, form: Form) -> None:
    if not (options.subject and options.period and options.reason and options.by):
        raise CommandProblem("name all of it: --subject ID --period 2026-Q4 --reason WHY --by NAME")
    points = None if options.adjust == _OUT else options.adjust
    wanted = {"form": form.id, "subject": options.subject, "period": options.period, "points": points}
    line = call_command(options, "assess adjust", **wanted, reason=options.reason, by=options.by)
    print(f"{line['subject']} · {line['period']} · {_added(line)}")


def _added(line: Json) -> str:
    """Return a line beside the sheets as it is printed."""
    points = "left out" if line["points"] is None else f"{'+' if line['points'] > 0 else ''}{_decimal(line['points'])}"
    return f"{points}: {line['reason']} ({line['by']})"


def _link(options: Options, form: Form) -> None:
    role = options.role or (form.raters[0] if len(form.raters) == 1 else "")
    if not (options.subject and options.period and role and (options.rater or options.customer)):
        raise CommandProblem("name who rates whom: --subject ID --period 2026-Q4 --role peer --rater NAME")
    wanted = {"form": form.id, "subject": options.subject, "subject_name": options.name, "period": options.period}
    wanted |= {"role": role, "rater": options.rater or "", "customer": options.customer, "days": options.days}
    print(call_command(options, "assess link", **wanted)["url"])


def _remarks(result: Json) -> list[str]:
    told = [
        ("missing: nobody has rated as ", ", ".join(result["missing"])),
        ("incomplete sheets, which count for nothing: ", str(result["incomplete"] or "")),
        ("provisional: the period is not over", " " if result["provisional"] else ""),
        ("withheld: it would tell what single raters gave", " " if result["withheld"] else ""),
        ("sheets that count once three new ones have come: ", str(result["waiting"] or "")),
    ]
    return [(text + value).rstrip() for text, value in told if value]


def _fill(options: Options, form: Form) -> None:
    print("\n".join((in_locale(form.title, options.locale), *_legend(form, options.locale))))
    subject = options.subject or _asked(f"{form.subject}: ")
    period = options.period or _asked("period, such as 2026-11 or 2026-Q4: ")
    form = form_in_force(form, named_days(period).first) if is_calendar_name(period) else form
    role = options.role or (form.raters[0] if len(form.raters) == 1 else _asked(f"role ({', '.join(form.raters)}): "))
    is_customer = role == RaterRole.CUSTOMER
    rater = "" if is_customer else options.rater or _asked("rater: ")
    is_unknown = is_customer and not (options.customer or options.sheet_no)
    sheet_no = _asked("number on the paper: ") if is_unknown else options.sheet_no
    by = options.by or rater or _asked("entered by: ")
    sheet = {"form": form.id, "subject": subject, "period": period, "role": role, "rater": rater, "by": by}
    sheet |= {"customer": options.customer, "source": options.source, "sheet_no": sheet_no, "reason": options.reason}
    words = _words(form, [line.id for line in form.head], options.locale)
    entered = _items(options, form, by)
    words |= _words(form, [line.id for line in form.foot], options.locale)
    stored = call_command(options, "assess store", **sheet, **entered, words=words)
    _show(stored)


def _items(options: Options, form: Form, by: str) -> Json:
    """Ask for each item until what is typed fits it; an empty line leaves it open."""
    locale = options.locale
    values: dict[str, str] = {}
    evidence: dict[str, list[str]] = {}
    left_out: list[str] = []
    for number, item in enumerate(form.items, 1):
        print(f"\n{number}/{len(form.items)} {in_locale(item.name, locale)}{_told(form, item, locale)}")
        typed = _value(form, item)
        if typed in _NOT_APPLICABLE:
            left_out.append(item.id)
        elif typed not in _OPEN:
            values[item.id] = typed
            if item.evidence:
                evidence[item.id] = _evidence(options, by)
    return {"values": values, "not_applicable": left_out, "evidence": evidence}


def _evidence(options: Options, by: str) -> list[str]:
    """Ask for what shows an item until it can be taken: addresses, or files of this machine, which are uploaded."""
    while True:
        typed = _asked("evidence (address or file): ")
        parts = [typed] if Path(typed).is_file() else typed.split()
        try:
            return [_uploaded(options, one, by) if Path(one).is_file() else one for one in parts]
        except CommandProblem as problem:
            print(f"  {problem}")


def _uploaded(options: Options, path: str, by: str) -> str:
    """Store a file, and return the id that stands for it. Raises CommandProblem."""
    stored = call_command(options, "assess upload", path=str(Path(path).resolve()), by=by)
    print(f"  {stored['name']}: {stored['size']} bytes")
    return str(stored["id"])


def _value(form: Form, item: FormItem) -> str:
    while True:
        typed = _asked("> ", may_be_empty=True)
        if typed in _OPEN or (item.may_not_apply and typed.casefold() in _NOT_APPLICABLE):
            return typed.casefold()
        try:
            value = read_number(typed)
        except InvalidValue as wrong:
            print(f"  {wrong.problem} {wrong.fix}")
            continue
        problem = form.problem(item, value)
        if not problem:
            return typed
        print(f"  {typed} {problem}")


def _legend(form: Form, locale: str) -> list[str]:
    """Return the words for the points of the scale, where the form has items that are rated on it."""
    words = form.scale.labels.get(locale) or form.scale.labels.get("zh-Hans", {})
    named = [f"{value} {words[value]}" for value in form.scale.values if value in words]
    return [" · ".join(named)] if named and any(item.points is None for item in form.items) else []


def _told(form: Form, item: FormItem, locale: str) -> str:
    """Return what can be typed for an item, and what it means."""
    parts = [in_locale(item.definition, locale)] if item.definition else []
    if item.figure is not None:
        sign, unit = "≤" if item.figure.is_limit else "≥", in_locale(item.figure.unit, locale)
        parts.append(f"{sign} {rounded(item.figure.target)} {unit}".rstrip())
    elif item.points is not None:
        parts.append(f"0-{rounded(item.points)}")
    else:
        parts.append(f"{form.scale.lowest}-{form.scale.highest}")
    if item.may_not_apply:
        parts.append(_NOT_APPLICABLE[0])
    return f"  ({'; '.join(parts)})"


def _words(form: Form, wanted: list[str], locale: str) -> dict[str, str]:
    lines = {line.id: line for line in (*form.head, *form.foot)}
    asked = {
        id_: _asked(f"{in_locale(lines[id_].name, locale)}: ", may_be_empty=not lines[id_].required) for id_ in wanted
    }
    return {id_: text for id_, text in asked.items() if text}


def _asked(prompt: str, *, may_be_empty: bool = False) -> str:
    """Return a line that was typed. Raises CommandProblem at the end of the input: nothing has been stored then."""
    while True:
        print(prompt, end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            raise CommandProblem("the input ended before the sheet was full; nothing was stored")
        if not sys.stdin.isatty():
            print(line.rstrip("\n"))
        if line.strip() or may_be_empty:
            return line.strip()


def _show(stored: Json) -> None:
    print(f"\n{stored['title']} · {stored['subject']} · {stored['period']} · {stored['role']}")
    for section in stored["sections"]:
        told = f"{section['answered']} of {section['asked']} answered"
        if section["score"] is not None:
            told = f"{_decimal(section['score'])} of {_decimal(section['weight'])}"
        print(f"  {section['name']}: {told}")
    if not stored["sections"]:
        print("  stored; what peers and subordinates gave is told together, from three of them on")
        return
    answered, asked = (sum(section[name] for section in stored["sections"]) for name in ("answered", "asked"))
    print(f"  total {_total(stored)}" if stored["total"] is not None else f"  no total: {answered} of {asked} answered")
    for field in stored["actions"]:
        print(f"  to follow {field} as a finding: huifang finding from-sheet {stored['id']} --by NAME")


def _total(told: Mapping[str, Any]) -> str:
    if told["total"] is None:
        return "none"
    return f"{_decimal(told['total'])} of 100" + (f": {told['grade']}" if told["grade"] else "")


def _decimal(number: float) -> str:
    return rounded(Fraction(number))
