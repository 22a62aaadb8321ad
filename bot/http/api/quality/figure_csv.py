"""Figures in CSV: the same as in JSON, with the same words."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO

from bot.http.api.schemas.figure_json import FigureOut, SummaryOut
from bot.reports.plain_tables import plain_cell

__all__ = ["summary_csv"]


def summary_csv(*summaries: SummaryOut) -> str:
    """Return the same figures as CSV, a line each in the same order, with the same words (RFC 4180)."""
    written = StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(["from", "to", "metric", "name", *summaries[0].by, *_COLUMNS])
    for summary in summaries:
        period = (summary.since.isoformat(), summary.until.isoformat())
        rows.writerows([*period, figure.metric, figure.name, *_cells(figure, summary.by)] for figure in summary.figures)
    return written.getvalue()


_COLUMNS = (
    "value text unit numerator denominator n people low high level method state excluded sources provisional "
    "instant formula rule_version before n_before low_before high_before verdict effect p "
    "before_year n_year low_year high_year verdict_year share low_item weighting benchmark benchmark_origin "
    "benchmark_dated conclusion measures"
).split()


def _cells(figure: FigureOut, by: Sequence[str]) -> Iterator[object]:
    interval = figure.interval.model_dump() if figure.interval is not None else {}
    change = figure.change.model_dump(mode="json") if figure.change is not None else {}
    year = figure.year_change.model_dump(mode="json") if figure.year_change is not None else {}
    compared = {name: change.get(name) for name in ("before", "verdict", "effect", "p")}
    compared |= {f"{name}_before": change.get(name) for name in ("n", "low", "high")}
    compared |= {f"{name}_year": year.get(name) for name in ("before", "n", "low", "high", "verdict")}
    benchmark = figure.benchmark.model_dump() if figure.benchmark is not None else {}
    remark = figure.remark.model_dump() if figure.remark is not None else {}
    beside = {
        "benchmark": benchmark.get("value"),
        "benchmark_origin": plain_cell(benchmark.get("origin", "")),
        "benchmark_dated": benchmark.get("dated"),
        "conclusion": plain_cell(remark.get("conclusion", "")),
        "measures": plain_cell(remark.get("measures", "")),
    }
    shown = {
        **figure.model_dump(mode="json"),
        **beside,
        **interval,
        **compared,
        "excluded": _counted(figure.excluded),
        "sources": _counted(figure.sources),
    }
    yield from (plain_cell(figure.label[key]) for key in by)
    yield from (shown.get(column) for column in _COLUMNS)


def _counted(numbers: Mapping[str, int]) -> str:
    return "; ".join(f"{name} {n}" for name, n in numbers.items())
