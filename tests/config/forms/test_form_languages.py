"""The shipped forms speak Simplified and Traditional Chinese and English, each with its own letters."""

import pytest

from config.forms.load import read_forms
from dialogs.forms.model import Form
from tests.text.traditional_letters import letters_of_the_mainland

ALL = read_forms()


def texts(form: Form, locale: str) -> list[str]:
    named = [form.title, *(section.name for section in form.sections), *(item.name for item in form.items)]
    return [each[locale] for each in named]


@pytest.mark.parametrize("form", ALL)
def test_a_form_is_told_in_three_languages_with_the_letters_of_each(form: str) -> None:
    simplified, traditional, english = (texts(ALL[form], locale) for locale in ("zh-Hans", "zh-Hant", "en"))
    assert len(simplified) == len(traditional) == len(english)
    assert letters_of_the_mainland("".join(traditional)) == set()
    assert letters_of_the_mainland("".join(english)) == set()


def test_the_letters_of_the_mainland_are_known() -> None:
    assert letters_of_the_mainland("售后四方面评分卡，質檢") == {"评"}
    assert letters_of_the_mainland("售後四方面評分卡 n=5, 95%") == set()
