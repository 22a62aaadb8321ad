"""`huifang text alerts`: what raises an alert of sentences of which people have said whether it should."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from bot.cli.common import Commands, Options, add_command, settings_of
from bot.cli.text.labelled_file import labelled_rows
from bot.control.protocol import CommandProblem
from config.settings.settings import Settings
from scoring.text_evaluation.labelled import guessed_language
from scoring.values import Value

__all__ = ["add_alerts", "alert_judges"]

Judges = Mapping[str, Callable[[str], bool]]
"""By what an alert may be raised, and whether it is by a text."""
_FIELD = "alert"
_EITHER = "either"
_WIDTH = 28


class _Labelled(Value):
    text: str
    alert: bool
    language: str


def add_alerts(texts: Commands) -> None:
    """Add the command `text alerts` to the group `text`."""
    alerts = add_command(texts, "alerts", "measure which labelled sentences raise an alert, and which do not", _alerts)
    alerts.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV, JSON or JSON lines with `alert`")
    alerts.add_argument("--json", action="store_true", help="print it as JSON, with the sentences that are wrong")


def alert_judges(settings: Settings) -> Judges:
    """Return what raises alerts: the words in force, and the encoder if any. Raises ConfigErrors."""
    from config.locale.words import load_lexicon  # noqa: PLC0415 (slow, see the package)
    from config.text.encoder_file import load_judge  # noqa: PLC0415 (as above)
    from scoring.rules import alert_words  # noqa: PLC0415 (as above)

    rule = load_lexicon(settings.files.directory).spelled(settings.alerts.rule())
    judge = load_judge(settings.files.directory)
    return {
        "words": lambda text: bool(alert_words(text, rule)),
        "encoder": lambda text: settings.alerts.by_reading and (judge.judge(text).alert or 0) > 0,
    }


def _alerts(options: Options) -> None:
    texts = [one for path in options.files for one in _read(path)]
    judges = alert_judges(settings_of(options))
    raised = [{name: raises(one.text) for name, raises in judges.items()} for one in texts]
    found = [told | {_EITHER: any(told.values())} for told in raised]
    if options.json:
        print(json.dumps(_as_json(texts, found), ensure_ascii=False))
    else:
        print("\n".join(_as_lines(texts, found)))


def _read(path: Path) -> list[_Labelled]:
    """Return the labelled sentences of a file. Raises CommandProblem with the row where one has no `alert`."""
    found = []
    for number, row in enumerate(labelled_rows(path), 1):
        told, text = str(row.get(_FIELD, "")).strip().casefold(), str(row.get("text") or "")
        if told not in {"true", "false", "1", "0"} or not text.strip():
            raise CommandProblem(f"{path}: row {number}: a sentence has a `text` and an `{_FIELD}`, true or false")
        language = str(row.get("lang") or guessed_language(text))
        found.append(_Labelled(text, told in {"true", "1"}, language))
    return found


def _as_lines(texts: Sequence[_Labelled], found: Sequence[Mapping[str, bool]]) -> Iterable[str]:
    yield f"{'alerts by':{_WIDTH}}passed over   false alarms"
    for name in found[0]:
        yield f"{name:{_WIDTH}}{_line(texts, found, name, '')}"
    for language in sorted({one.language for one in texts}):
        yield f"{f'{_EITHER}, {language}':{_WIDTH}}{_line(texts, found, _EITHER, language)}"


def _line(texts: Sequence[_Labelled], found: Sequence[Mapping[str, bool]], name: str, language: str) -> str:
    some = [(one, told[name]) for one, told in zip(texts, found, strict=True) if language in ("", one.language)]
    silent = [one for one, is_raised in some if one.alert and not is_raised]
    false = [one for one, is_raised in some if is_raised and not one.alert]
    meant = sum(one.alert for one, _ in some)
    return f"{f'{len(silent)} of {meant}':14}{len(false)} of {len(some) - meant}"


def _as_json(texts: Sequence[_Labelled], found: Sequence[Mapping[str, bool]]) -> dict[str, object]:
    return {
        name: {
            "passed_over": [one.text for one, told in zip(texts, found, strict=True) if one.alert and not told[name]],
            "false_alarms": [one.text for one, told in zip(texts, found, strict=True) if told[name] and not one.alert],
        }
        for name in found[0]
    } | {"n": len(texts), "alerts": sum(one.alert for one in texts)}
