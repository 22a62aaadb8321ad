"""Telephone numbers in one form, and in the forms in which others may have written them (E.164, by phonenumbers)."""

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_possible_number,
    national_significant_number,
    parse,
)

__all__ = ["one_number", "written_numbers"]

_FORMS = (
    PhoneNumberFormat.E164,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
)
"""As the library writes them: `+8613800138000`, `+86 138 0013 8000`, `138 0013 8000`."""


def one_number(text: str, region: str) -> str:
    """Return a number as `+8613800138000`, empty where the text is none; without a country's code it is of `region`."""
    return next(iter(written_numbers(text, region)), "")


def written_numbers(text: str, region: str) -> tuple[str, ...]:
    """Return a number in the forms in which it may be stored, that of E.164 first; none where the text is no number.

    `region` is two letters, empty for none: then only a number with its country's code is one. Not only the digits are
    compared, since other systems store numbers as somebody typed them, with blanks or dashes or with 00 for the plus.
    A number with an extension is a switchboard's, which many people share.
    """
    if "*" in text:  # digits are left out
        return ()
    try:
        number = parse(text, region or None)
    except NumberParseException:
        return ()
    if number.extension or not is_possible_number(number):
        return ()
    written = [format_number(number, form) for form in _FORMS]
    digits = written[0].removeprefix("+")
    national = national_significant_number(number)
    grouped = (form.replace("-", " ") for form in written)
    return tuple(dict.fromkeys((*written, digits, f"00{digits}", national, *grouped, text)))
