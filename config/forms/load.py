"""Form definitions: the shipped ones and the owner's, read from TOML."""

from functools import cache
from pathlib import Path

from config.errors import ConfigError, ConfigErrors
from config.forms.schema import FormFile
from config.forms.validation import form_mistakes
from config.surveys.load import parsed_file, read_folder, table_of, where_in
from dialogs.forms.model import Form

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

    Raises ConfigErrors with everything that is wrong in any of the files.
    """
    return {**_shipped(), **(read_folder(directory / "forms", read_form) if directory else {})}


@cache
def _shipped() -> dict[str, Form]:
    """Return the shipped forms; they belong to the program, and are read once for a process."""
    return read_folder(SHIPPED_FORMS, read_form)
