"""The commands `huifang text`, and `text read`: print how a comment is read, clause by clause."""

import json
from typing import Any

from bot.cli.common import Commands, Options, add_command, add_group, settings_of
from bot.cli.text.evaluate import add_eval
from bot.cli.text.phrase_commands import add_phrase_commands
from scoring.text.findings import TextFinding, TextReading

__all__ = ["add_to"]

_POLARITIES = {1: "positive", 0: "neutral", -1: "negative"}
_SIGNS = {1: "+", 0: "·", -1: "−"}


def add_to(commands: Commands) -> None:
    """Add the command `text`."""
    text = add_group(commands, "text", "how comments are read")
    read = add_command(text, "read", "print what is read in a comment, clause by clause", _read)
    read.add_argument("text", metavar="TEXT")
    read.add_argument("--json", action="store_true", help="print it as JSON")
    add_eval(text)
    add_phrase_commands(text)


def _read(options: Options) -> None:
    from config.text.load import load_lexicons  # noqa: PLC0415 (slow, see the package)
    from scoring.text.text_reader import TextReader  # noqa: PLC0415 (as above)

    reading = TextReader(load_lexicons(settings_of(options).files.directory)).read(options.text)
    print(_as_json(reading) if options.json else _as_lines(reading, options.text))


def _as_lines(reading: TextReading, text: str) -> str:
    mixed = ", mixed" if reading.is_mixed else ""
    sides = ", ".join(sorted(reading.dimensions)) or "nothing it knows"
    head = f"{_POLARITIES[reading.polarity]}{mixed} (praise {reading.praise}, blame {reading.blame}); about: {sides}"
    clauses = [" ".join(text[clause.start : clause.end].split()) for clause in reading.clauses]
    rows = [
        f"  {words}{''.join(map(_told, clause.findings))}"
        for words, clause in zip(clauses, reading.clauses, strict=True)
    ]
    return "\n".join([head, *(row for row, words in zip(rows, clauses, strict=True) if words)])


def _told(finding: TextFinding) -> str:
    return f"\n    {_SIGNS[finding.polarity] * finding.strength:3} {finding.dimension or '–'}: {finding.phrase}"


def _as_json(reading: TextReading) -> str:
    told: dict[str, Any] = {
        "polarity": reading.polarity,
        "score": reading.score,
        "praise": reading.praise,
        "blame": reading.blame,
        "mixed": reading.is_mixed,
        "strongly": reading.strongly,
        "dimensions": sorted(reading.dimensions),
        "clauses": [
            {
                "start": clause.start,
                "end": clause.end,
                "findings": [
                    {
                        "dimension": one.dimension,
                        "polarity": one.polarity,
                        "strength": one.strength,
                        "phrase": one.phrase,
                    }
                    for one in clause.findings
                ],
            }
            for clause in reading.clauses
        ],
    }
    return json.dumps(told, ensure_ascii=False)
