"""Form definitions: the shipped ones and the owner's, read from TOML."""

from functools import cache
from pathlib import Path

from config.errors import ConfigError, ConfigErrors
from config.forms.schema import FormFile
from config.forms.validation import form_mistakes
from config.surveys.load import parsed_file, table_of, where_in
from dialogs.forms.model import Form
from scoring.values import replace

__all__ = ["SHIPPED_FORMS", "is_form", "read_form", "read_forms"]

SHIPPED_FORMS = Path(__file__).parents[1] / "defaults" / "forms"
"""The folder of the shipped forms."""


def is_form(path: Path) -> bool:
    """Return whether a file is to be read as a form: it names raters, and is not where surveys belong.

    Raises ConfigErrors where it cannot be read.
    """
    return path.resolve().parent.name != "surveys" and "raters" in table_of(path)


def read_form(path: Path) -> Form:
    """Return one form. Raises ConfigErrors with everything that is wrong in its file."""
    table = table_of(path)
    file = parsed_file(path, table, FormFile)
    wrong = [ConfigError(where_in(path, mistake[0], table), *mistake) for mistake in form_mistakes(file)]
    if wrong:
        raise ConfigErrors(wrong)
    return file.form()


def read_forms(directory: Path | None = None) -> dict[str, Form]:
    """Return the shipped forms and those in `directory`/forms, which replace shipped ones of the same id.

    Of several files with one id the form that holds last is returned, with the others as its `earlier` ones. Raises
    ConfigErrors with everything that is wrong in any of the files.
    """
    return {**_shipped(), **(_read_dated(directory / "forms") if directory else {})}


@cache
def _shipped() -> dict[str, Form]:
    """Return the shipped forms; they belong to the program, and are read once for a process."""
    return _read_dated(SHIPPED_FORMS)


def _read_dated(directory: Path) -> dict[str, Form]:
    """Return the forms of a folder by their ids, and of each id those that held before it."""
    found: dict[str, dict[str, tuple[Form, Path]]] = {}
    wrong: list[ConfigError] = []
    for path in sorted(directory.glob("*.toml")):
        try:
            form = read_form(path)
        except ConfigErrors as errors:
            wrong.extend(errors.errors)
            continue
        dated = found.setdefault(form.id, {})
        if form.effective_from in dated:
            since = form.effective_from or "always"
            problem = f"{dated[form.effective_from][1]} is {form.id!r} in force from the same day, {since}."
            wrong.append(ConfigError(str(path), "effective_from", problem, "Write from which day on this one holds."))
        dated[form.effective_from] = form, path
    if wrong:
        raise ConfigErrors(wrong)
    return {id_: _newest([form for form, _ in dated.values()]) for id_, dated in found.items()}


def _newest(forms: list[Form]) -> Form:
    last, *earlier = sorted(forms, key=lambda form: form.effective_from, reverse=True)
    return replace(last, earlier=tuple(earlier))
