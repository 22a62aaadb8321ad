"""The commands `huifang text`, and `text read`: print how a comment is read, clause by clause."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.cli.common import Commands, Options, add_command, add_group, settings_of
from bot.cli.text.alert_evaluation import add_alerts, alert_judges
from bot.cli.text.evaluate import add_eval
from bot.cli.text.phrase_commands import add_phrase_commands
from scoring.text.comment_judge import CommentVerdict
from scoring.text.findings import ClauseReading, TextFinding

__all__ = ["add_to"]

_POLARITIES = {1: "positive", 0: "neutral", -1: "negative"}
Reasons = Mapping[str, list[tuple[str, int]]]
"""For each output what its pieces add to it."""
_SIGNS = {1: "+", 0: "·", -1: "−"}


def add_to(commands: Commands) -> None:
    """Add the command `text`."""
    text = add_group(commands, "text", "how comments are read")
    read = add_command(text, "read", "print what is read in a comment, clause by clause", _read)
    read.add_argument("text", metavar="TEXT")
    read.add_argument("--json", action="store_true", help="print it as JSON")
    add_eval(text)
    add_alerts(text)
    add_phrase_commands(text)


def _read(options: Options) -> None:
    from config.text.encoder_file import load_judge  # noqa: PLC0415 (slow, see the package)

    judge = load_judge(settings_of(options).files.directory)
    verdict = judge.judge(options.text)
    reasons = judge.reasons(verdict, options.text)
    raised = [name for name, raises in alert_judges(settings_of(options)).items() if raises(options.text)]
    if options.json:
        print(_as_json(verdict, reasons, raised))
        return
    print(_as_lines(verdict, reasons, options.text))
    if raised:
        print(f"raises an alert, by: {', '.join(raised)}")


def _as_lines(verdict: CommentVerdict, reasons: Reasons, text: str) -> str:
    reading = verdict.reading
    sides = ", ".join(sorted(verdict.dimensions)) or "nothing it knows"
    mixed = ", mixed" if reading.is_mixed else ""
    words = f"by the words: {_POLARITIES[reading.polarity]}{mixed}, praise {reading.praise}, blame {reading.blame}"
    head = f"{_POLARITIES[verdict.polarity]}; about: {sides} ({words})"
    clauses = [" ".join(text[clause.start : clause.end].split()) for clause in reading.clauses]
    rows = [
        f"  {words}{''.join(map(_told, clause.findings))}"
        for words, clause in zip(clauses, reading.clauses, strict=True)
    ]
    told = [f"  {name} {verdict.sums[name] / 100:+.2f}: {_pieces(added)}" for name, added in reasons.items()]
    why = ["learned, in log-odds:", *told] if told else []
    return "\n".join([head, *(row for row, words in zip(rows, clauses, strict=True) if words), *why])


def _pieces(added: Iterable[tuple[str, int]]) -> str:
    """Return what was added by which piece; those with = are what the words said."""
    return ", ".join(f"{piece} {one / 100:+.2f}" for piece, one in added)


def _told(finding: TextFinding) -> str:
    return f"\n    {_SIGNS[finding.polarity] * finding.strength:3} {finding.dimension or '–'}: {finding.phrase}"


def _as_json(verdict: CommentVerdict, reasons: Reasons, raised: list[str]) -> str:
    reading = verdict.reading
    told: dict[str, Any] = {
        "polarity": verdict.polarity,
        "dimensions": sorted(verdict.dimensions),
        "sums": verdict.sums,
        "alert": verdict.alert,
        "alerts_by": raised,
        "reasons": {name: dict(added) for name, added in reasons.items()},
        "words": {
            "polarity": reading.polarity,
            "score": reading.score,
            "praise": reading.praise,
            "blame": reading.blame,
            "mixed": reading.is_mixed,
            "strongly": reading.strongly,
            "dimensions": sorted(reading.dimensions),
        },
        "clauses": [_clause(clause) for clause in reading.clauses],
    }
    return json.dumps(told, ensure_ascii=False)


def _clause(clause: ClauseReading) -> dict[str, Any]:
    findings = [
        {"dimension": one.dimension, "polarity": one.polarity, "strength": one.strength, "phrase": one.phrase}
        for one in clause.findings
    ]
    return {"start": clause.start, "end": clause.end, "findings": findings}
