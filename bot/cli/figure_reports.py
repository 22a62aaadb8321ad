"""`huifang report`, `explain`, `score`, `quadrants`, `watch`, `rollups`: figures, their charts and their sums."""

import json
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.cli.archive.report_archive import (
    ARCHIVE_WORDS,
    add_archive_options,
    is_about_archive,
    keep_in_archive,
    run_archive,
)
from bot.cli.assess import result_lines
from bot.cli.common import (
    Commands,
    Options,
    add_command,
    add_group,
    call_command,
    print_problems,
    settings_of,
    write_whole,
)
from bot.control.protocol import CommandProblem
from bot.process.interrupts import run_interruptible
from config.values.urls_and_zones import LOCALES
from dialogs.reports.document import ReportKind
from storage.model.errors import NOT_SAVED, SchemaMismatch

__all__ = ["add_to", "rests_on"]

Json = dict[str, Any]
_TEXTS = ("text", "csv", "json")
_FORMATS = (*_TEXTS, "html", "xlsx", "pdf", "png")
_KINDS = (
    "figures (by any cut, the default), summary (one page), distribution (answers), problems (sent again), "
    "subject (one team, station or person), trend (month by month), review, scorecard (one agent), "
    "team, importance (quadrants), evidence (what stands out), topics (what customers write), improvements (measures), "
    "repeats and quality and claims (repairs), checks and appraisal (filled sheets), peaks, data_quality, privacy; "
    "or archive, schedules, confirm: what is kept, and made by the calendar"
)
_UNCHECKED = 2
"""The exit code where nothing could be checked."""


def add_to(commands: Commands) -> None:
    """Add the commands on figures, their charts and their sums."""
    report = add_command(commands, "report", "a period's report: what managers read, print and pin up", _report)
    words = [*map(str, ReportKind), *ARCHIVE_WORDS]
    report.add_argument("kind", metavar="KIND", nargs="?", choices=words, default=ReportKind.FIGURES, help=_KINDS)
    add_archive_options(report)
    report.add_argument("--period", metavar="PERIOD", default="", help="such as 2026-10; the current month by default")
    report.add_argument("--by", metavar="KEYS", default="", help="at most two of the keys of `huifang metrics`")
    report.add_argument("--metric", metavar="IDS", default="", help="some metrics, with commas between; all by default")
    report.add_argument("--of", metavar="SUBJECT", default="", help="whose report a subject is, such as station:north")
    earlier = "beside the period before (previous, by default), the year before (year), or both (previous,year)"
    report.add_argument("--compare", nargs="?", const="previous", default="", metavar="WITH", help=earlier)
    report.add_argument("-o", metavar="FILE", type=Path, dest="file", help="write to a file")
    explain = add_command(commands, "explain", "where a figure comes from, down to its tickets", _explain)
    explain.add_argument("figure", metavar="FIGURE", help="such as csat:2026-11:team=north, as reports print it")
    score = add_command(commands, "score", "everything about one subject in a period", _score)
    score.add_argument("subject", metavar="SUBJECT", help="such as agent:a17 or team:north")
    score.add_argument("--period", metavar="PERIOD", default="", help="such as 2026-10; the current month by default")
    quadrants = add_command(commands, "quadrants", "what customers find important beside how it goes", _quadrants)
    quadrants.add_argument(
        "--period", metavar="PERIOD", default="", help="such as 2026-10; the current month by default"
    )
    quadrants.add_argument("--by", metavar="KEY", default="", help="one of the keys of `huifang metrics`, such as team")
    watch = add_command(commands, "watch", "the charts of early warning: low ratings by team and dimension", _watch)
    watch.add_argument("--team", default="", help="only this team's")
    watch.add_argument("--dimension", default="", help="only of this dimension, such as response_speed")
    watch.add_argument("--format", choices=("text", "json"), default="text", help="lines of text by default")
    for command in (report, explain, score, quadrants):
        formats = _FORMATS if command is report else ("text", "json")
        command.add_argument("--format", choices=formats, default="text", help="lines of text by default")
        command.add_argument("--locale", choices=LOCALES, default="", help="language; that of the settings by default")
    rollups = add_group(commands, "rollups", "the sums of ratings from which figures are read")
    help_ = "compare every sum with the ratings: 0 where all agree, 1 where not, 2 where it cannot be told"
    check = add_command(rollups, "check", help_, _check)
    add_command(rollups, "rebuild", "make all sums anew from the ratings", _rebuild)
    check.add_argument("--format", choices=("text", "json"), default="text", help="lines of text, or JSON lines")


def _report(options: Options) -> None:
    if is_about_archive(options):
        return run_archive(options)
    if options.archive:
        return keep_in_archive(options)
    return _print_report(options)


def _print_report(options: Options) -> None:
    content = _content(options)
    if options.file is not None:
        write_whole(options.file, content)
        print(f"The figures are in {options.file}.")
    elif options.format in ("xlsx", "pdf") and sys.stdout.isatty():
        raise CommandProblem(f"{options.format} is no text: add -o FILE.{options.format}")
    else:
        sys.stdout.buffer.write(content)


def _content(options: Options) -> bytes:
    """Return the report as it is to be written."""
    asked = {name: getattr(options, name) for name in ("period", "by", "metric", "locale")}
    if options.kind == ReportKind.FIGURES and options.format in _TEXTS and not options.of:
        return _as_asked(call_command(options, "report", compare=options.compare, **asked), options.format).encode()
    if options.format == "text":
        raise CommandProblem(
            f"a report of kind {options.kind} is no text: add --format html, xlsx, pdf, png, csv or json"
        )
    asked |= {"kind": str(options.kind), "of": options.of, "format": options.format}
    return b64decode(call_command(options, "report document", **asked)["content"])


def _as_asked(found: Json, kind: str) -> str:
    if kind == "csv":
        return str(found["csv"])
    if kind == "json":
        return json.dumps(found["summary"], ensure_ascii=False) + "\n"
    return "".join(f"{line}\n" for line in _lines(found["summary"]))


def _over(found: Json) -> str:
    """Return what stands behind a period that is not over."""
    return "  provisional: the period is not over" if found["provisional"] else ""


def _lines(summary: Json) -> Iterator[str]:
    yield f"{summary['from']} to {summary['to']} ({summary['timezone']}){_over(summary)}"
    if summary["sampling_text"]:
        yield summary["sampling_text"]
    cut: object = None
    for figure in summary["figures"]:
        if figure["label"] != cut:
            cut = figure["label"]
            yield ""
            yield ", ".join(f"{key} {value or '-'}" for key, value in figure["label"].items()) or "all"
        yield f"  {figure['name']}  {figure['text']}{rests_on(figure)}"


def _watch(options: Options) -> None:
    found: Json = call_command(options, "watch", team=options.team, dimension=options.dimension)
    if options.format == "json":
        print(json.dumps(found, ensure_ascii=False))
        return
    print(f"By {found['bucket']}; {found['baseline']} points of at least {found['fewest']} people say what is usual.")
    for chart in found["items"]:
        since, missing = chart["beyond_since"], chart["missing"]
        told = f"beyond its limits since {since}" if since else "within its limits"
        print(f"\n{chart['team'] or '-'}, {chart['dimension']}: {f'{missing} points too few yet' if missing else told}")
        for point in chart["points"]:
            print(f"  {point['begins']}  {point['low']} of {point['n']}  {point['verdict']}{_held_against(point)}")


def _held_against(point: Json) -> str:
    if point["usual"] is None:
        return ""
    usual, mean, limit = (f"{100 * point[name]:.1f} %" for name in ("usual", "ewma", "ewma_limit"))
    return f"  (usual {usual}; a jump from {point['limit']} on; weighted mean {mean}, limit {limit})"


def _quadrants(options: Options) -> None:
    wanted = {name: getattr(options, name) for name in ("period", "by", "locale")}
    found: Json = call_command(options, "quadrants", **wanted)
    if options.format == "json":
        print(json.dumps(found, ensure_ascii=False))
        return
    print(f"{found['from']} to {found['to']}")
    for line in (found["text"], *(line for grid in found["items"] for line in _grid_lines(grid))):
        if line:
            print(line)


def _grid_lines(grid: Json) -> Iterator[str]:
    yield ", ".join(f"{key} {value or '-'}" for key, value in grid["label"].items()) or "all"
    yield f"  {grid['crosshair']}" if grid["crosshair"] else ""
    for point in grid["points"]:
        both = (point["importance"], point["performance"])
        rests = "; ".join(f"{one['name']} {one['text']}{rests_on(one)}" for one in both)
        yield f"  {point['dimension']}  {point['text']}  {rests}"
    yield f"  {grid['untold_text']}" if grid["untold_text"] else ""


def _explain(options: Options) -> None:
    found: Json = call_command(options, "explain", figure=options.figure, locale=options.locale)
    if options.format == "json":
        print(json.dumps(found, ensure_ascii=False))
        return
    figure = found["figure"]
    print(f"{figure['name']}  {figure['text']}{rests_on(figure)}")
    print(f"  {figure['formula']}")
    print(f"  placed by the {figure['instant']}, rules {figure['rule_version']}")
    for one in found["inputs"]:
        print(f"  {'  '.join(_input(one))}")
    if found["more"]:
        print(f"  … and more than these {len(found['inputs'])}")


def _input(one: Json) -> Iterator[str]:
    yield one["ticket"] or "-"
    yield from filter(None, (one["id"], one["question"], one["status"]))
    if one["value"] is not None:
        yield str(one["value"])
    if one["excluded"]:
        yield f"does not count: {one['excluded']}"
    elif one["seconds"] is not None:
        yield f"{one['seconds']:.0f} s"
    elif one["denominator"]:
        yield f"{one['numerator']} of {one['denominator']}"


def _score(options: Options) -> None:
    found: Json = call_command(options, "score", subject=options.subject, period=options.period, locale=options.locale)
    if options.format == "json":
        print(json.dumps(found, ensure_ascii=False))
        return
    print(f"{found['name']} ({found['subject']}), {found['from']} to {found['to']}{_over(found)}")
    standing = found["standing"]
    if standing is not None:
        drawn = f"{standing['csat']:.2f} ({standing['low']:.2f} to {standing['high']:.2f})"
        print(f"  band {standing['band']} of {standing['peers']}: {drawn}, common {standing['common']:.2f}")
    for figure in found["figures"]:
        question = figure["cut"].get("question", "")
        print(f"  {' '.join(filter(None, (figure['name'], question)))}  {figure['text']}{rests_on(figure)}")
        print(f"      {figure['id']}")
    for form in found["forms"]:
        print("\n".join(f"  {line}" for line in result_lines(form)))


def rests_on(figure: Json) -> str:
    """Return what stands behind a value: its interval, its n, and what may still change it."""
    interval = figure["interval"]
    between = (
        ""
        if interval is None or figure["unit"] == "seconds"
        else f"{_end(interval['low'])} to {_end(interval['high'])}"
    )
    parts = (
        between,
        f"n = {figure['n']}" if figure["unit"] != "count" else "",
        "small sample" if figure["state"] == "small" else "",
        "provisional" if figure["provisional"] else "",
        _changed(figure["change"], "before"),
        _changed(figure["year_change"], "a year before"),
        *(f"without {n} {reason}" for reason, n in figure["excluded"].items()),
    )
    told = "; ".join(filter(None, parts))
    return f"  ({told})" if told else ""


def _changed(change: Json | None, when: str) -> str:
    if change is None:
        return ""
    between = f", {_end(change['low'])} to {_end(change['high'])}" if change["low"] or change["high"] else ""
    return f"{change['before']:.2f} {when}{between}, n = {change['n']}: {change['text']}"


def _between(interval: Json | None) -> str:
    return "" if interval is None else f"{_end(interval['low'])} to {_end(interval['high'])}"


def _end(value: float | None) -> str:
    return "…" if value is None else f"{value:.2f}"


def _check(options: Options) -> int:
    from storage.rollups.differences import check_rollups  # noqa: PLC0415 (slow, see the package)

    url = settings_of(options).database.url.get_secret_value()
    try:
        found = run_interruptible(lambda: check_rollups(url))
    except (*NOT_SAVED, SchemaMismatch, ValueError, OSError) as problem:
        print_problems([problem])
        return _UNCHECKED
    for one in found:
        told = {"grain": one.grain, "begins": one.begins, **one.keys, "expected": one.expected, "found": one.found}
        print(json.dumps(told, ensure_ascii=False) if options.format == "json" else one)
    if options.format == "text":
        print(f"{len(found) or 'No'} difference{'' if len(found) == 1 else 's'} found.")
    return int(bool(found))


def _rebuild(options: Options) -> None:
    made = call_command(options, "rollups rebuild")
    print(f"All ratings are summed up anew, by {made['days']} days of {made['timezone']}.")
