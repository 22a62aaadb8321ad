"""`huifang survey check`, `try`, `course`, `explain`."""

import sys
from contextlib import suppress
from pathlib import Path

from bot.cli.common import Commands, Options, add_command, add_group, call_command, print_problems, settings_of
from bot.cli.try_survey import try_survey
from config.errors import ConfigError, ConfigErrors
from config.forms.load import is_form, read_form
from config.surveys.load import lint, read_survey
from config.values.urls_and_zones import LOCALES

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    """Add the command `survey`."""
    surveys = add_group(commands, "survey", "check, try, explain surveys")
    check = add_command(surveys, "check", "validate definitions of surveys and forms", _check)
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    trial = add_command(surveys, "try", "answer a survey in the terminal", _try)
    trial.add_argument("file", type=Path, metavar="FILE")
    trial.add_argument("--locale", default="zh-Hans", choices=LOCALES, help="language to ask in")
    course = add_command(surveys, "course", "say how long its questions take, and at which people leave", _course)
    course.add_argument("survey", metavar="ID")
    explain = add_command(surveys, "explain", "say which rule decides about a ticket, and why", _explain)
    explain.add_argument("ticket", metavar="SOURCE/TICKET")


def _check(options: Options) -> int:
    """Print for each file what is wrong with it, or its id; return 1 for an error, 0 for warnings."""
    failed = False
    for path in options.files:
        try:
            checked = _checked(path)
        except (ConfigError, ConfigErrors) as wrong:
            failed = True
            print_problems(wrong.errors if isinstance(wrong, ConfigErrors) else [wrong])
            continue
        print("\n".join(f"{path}: {line}" for line in checked))
    return int(failed)


def _checked(path: Path) -> list[str]:
    """Return what is said of a definition that can be used. Raises ConfigErrors for another."""
    if is_form(path):
        form = read_form(path)
        return [f"{form.id} version {form.version}, a form of {len(form.items)} items", *_misnamed(path, form.id)]
    survey = read_survey(path)
    head = f"{survey.id} version {survey.version}, {len(survey.questions)} questions"
    return [head, *_misnamed(path, survey.id), *(f"warning: {warning}" for warning in lint(survey))]


def _misnamed(path: Path, id_: str) -> list[str]:
    """Return the warning about a file that is not named after its id, by which alone commands know it."""
    return (
        [] if path.stem == id_ else [f"warning: its id is {id_}, not {path.stem}; set id, or call the file {id_}.toml"]
    )


def _course(options: Options) -> None:
    told = call_command(options, "survey course", survey=options.survey)
    counts = f"{told['asked']} asked, {told['started']} started, {told['completed']} completed, {told['left']} left"
    print(f"{told['survey']} version {told['version']}, the last 90 days: {counts}; {_seconds(told['seconds'])}")
    for one in told["questions"]:
        reached = f"{one['reached']} reached, {one['rated']} rated, {one['skipped']} skipped, {one['left']} left here"
        print(f"  {one['question']}: {reached}; {_seconds(one['seconds'])}")
        for reason in one["reasons"]:
            print(f"    {reason['reason']}: {reason['n']}")


def _seconds(median: float | None) -> str:
    """Return a median as it is printed; it is none where too few people are timed."""
    return "no median time" if median is None else f"median {median:.0f} s"


def _explain(options: Options) -> None:
    print(call_command(options, "survey explain", ticket=options.ticket))


def _try(options: Options) -> None:
    from config.locale.phrases import load_phrases  # noqa: PLC0415 (slow, see the package)
    from config.locale.words import load_lexicon  # noqa: PLC0415 (slow, see the package)

    settings = settings_of(options)
    survey, phrases = read_survey(options.file), load_phrases(settings.files.directory, options.locale)
    lexicon = load_lexicon(settings.files.directory)
    trial = try_survey(survey, phrases, lexicon, lexicon.spelled(settings.alerts.rule()), print)
    next(trial)
    with suppress(KeyboardInterrupt, StopIteration):  # broken off, or through
        for line in sys.stdin:
            trial.send(line.rstrip("\n"))
