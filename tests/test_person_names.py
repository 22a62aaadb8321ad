"""Names joined of their parts."""

import pytest

from bot.person_names import joined_name


@pytest.mark.parametrize(
    ("given", "family", "name"),
    [
        ("小明", "王", "王小明"),
        ("明", "王", "王明"),
        ("娜娜", "欧阳", "欧阳娜娜"),
        ("王", "女士", "王女士"),  # a form of address in the second field
        ("王小明", "", "王小明"),
        ("", "王", "王"),
        ("Ming", "Wang", "Ming Wang"),
        ("Ming", "王", "Ming 王"),
        ("", "", ""),
    ],
)
def test_a_name_of_two_parts_is_joined_as_it_is_said_in_its_script(given: str, family: str, name: str) -> None:
    assert joined_name(given, family) == name
