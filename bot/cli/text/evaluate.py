"""`huifang text eval`: how well the comments of customers are read, on texts that people have labelled."""

import json
from pathlib import Path

from bot.cli.common import Commands, Options, add_command, settings_of
from bot.cli.text.evaluation_report import evaluation_json, evaluation_lines
from bot.cli.text.labelled_file import read_labelled
from bot.control.protocol import CommandProblem
from config.settings.settings import Settings
from scoring.text_evaluation.evaluation import Judge, evaluate_texts
from scoring.text_evaluation.labelled import LabelledText, TextJudgement, is_held_out

__all__ = ["add_eval"]


def add_eval(texts: Commands) -> None:
    """Add the command `text eval` to the group `text`."""
    evaluate = add_command(texts, "eval", "measure the reading on labelled texts, beside two baselines", _eval)
    evaluate.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV, JSON or JSON lines")
    evaluate.add_argument("--part", choices=("held-out", "open", "all"), default="all", help="by the texts' ids")
    evaluate.add_argument("--rows", choices=("odd", "even", "all"), default="all", help="the first row is odd")
    evaluate.add_argument("--json", action="store_true", help="print it as JSON")


def _eval(options: Options) -> None:
    texts = [one for path in options.files for one in read_labelled(path)]
    measured = [one for one in texts if _is_measured(one, options)]
    if not measured:
        raise CommandProblem("no text is left to measure; leave out --part or --rows")
    others = [one for one in texts if not _is_measured(one, options)]
    found = evaluate_texts(measured, others, *_judges(settings_of(options)))
    if options.json:
        print(json.dumps(evaluation_json(found), ensure_ascii=False))
    else:
        print("\n".join(evaluation_lines(found)))


def _is_measured(one: LabelledText, options: Options) -> bool:
    """Return whether a text belongs to the part that was asked for. Raises CommandProblem where it cannot be told."""
    if options.rows != "all" and (one.row % 2 == 1) != (options.rows == "odd"):
        return False
    if options.part == "all":
        return True
    if not one.id:
        raise CommandProblem(f"row {one.row} has no id, by which --part tells the parts apart; take --rows odd")
    wanted: bool = options.part == "held-out"
    return is_held_out(one.id) == wanted


def _judges(settings: Settings) -> tuple[Judge, Judge]:
    """Return what judges by all that is in force, and by the words alone. Raises ConfigErrors."""
    from config.text.encoder_file import load_judge  # noqa: PLC0415 (slow, see the package)
    from config.text.load import load_lexicons  # noqa: PLC0415 (as above)
    from scoring.text.text_reader import TextReader  # noqa: PLC0415 (as above)

    judge = load_judge(settings.files.directory)
    reader = TextReader(load_lexicons(settings.files.directory))

    def judged(text: str) -> TextJudgement:
        verdict = judge.judge(text)
        return TextJudgement(verdict.polarity, verdict.score, verdict.dimensions)

    def read(text: str) -> TextJudgement:
        reading = reader.read(text)
        return TextJudgement(reading.polarity, reading.score, reading.dimensions)

    return judged, read
