"""The shipped forms are whole, an owner's take their place, and a mistake is named with file, line, key and fix."""

from pathlib import Path

import pytest

from config.errors import ConfigErrors
from config.forms.load import SHIPPED_FORMS, is_form, read_form, read_forms
from config.surveys.load import read_survey, read_surveys
from dialogs.forms.model import Form, RaterRole
from tests.support.blocks import Block, read_blocks

HERE = Path(__file__).parent
SMALL = (HERE / "small_form.toml").read_text("utf-8")
ALL = read_forms()


def told(path: Path) -> list[str]:
    """Return what the owner of a wrong file reads."""
    with pytest.raises(ConfigErrors) as errors:
        read_form(path)
    return str(errors.value).replace(f"{path.parent}/", "").splitlines()


def changed(block: Block) -> str:
    """Apply a block's change to the small form."""
    lines = block.given.splitlines()
    old, new = ("".join(f"{line[2:]}\n" for line in lines if line.startswith(f"{sign} ")) for sign in "-+")
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


@pytest.mark.parametrize("block", read_blocks(HERE / "wrong_forms.txt"), ids=lambda block: f"line {block.line}")
def test_a_wrong_form_is_named_with_line_key_and_fix(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "small_form.toml"
    path.write_text(changed(block), "utf-8")
    assert told(path) == block.expected


def test_points_that_do_not_add_up_say_how_many_are_missing(tmp_path: Path) -> None:
    supervisor = (SHIPPED_FORMS / "supervisor.toml").read_text("utf-8")
    head, _, last = supervisor.partition('[[sections.items]]\nid = "others"')
    assert last
    path = tmp_path / "supervisor.toml"
    path.write_text(head + "".join(last.partition("[[grades]]")[1:]), "utf-8")
    (problem,) = told(path)
    assert problem.endswith(" sections: The points add up to 75, 25 missing. Let them add up to 100.")


@pytest.mark.parametrize("form", ALL.values(), ids=ALL)
def test_a_shipped_form_is_whole_and_weighs_100(form: Form) -> None:
    assert sum(section.weight for section in form.sections) == 100
    names = [form.title, *(section.name for section in form.sections), *(item.name for item in form.items)]
    assert all(name["zh-Hans"] and name["en"].isascii() for name in names)
    assert all(mix.keys() <= {*form.raters} for mix in form.mixes)


def test_what_is_ours_in_a_shipped_form_says_so() -> None:
    ours = {form.id: [item.id for item in form.items if item.note] for form in ALL.values()}
    assert ours["department"] == ["training_done"]
    assert ours["quarter_kpi"] == ["focus"]
    assert ours["supervisor"] == ["others"]
    weights = [int(section.weight) for section in ALL["department"].sections]
    assert weights == [40, 15, 15, 10, 20]


def test_a_single_rater_is_enough_where_the_form_says_so() -> None:
    assert (ALL["department"].raters, ALL["department"].mixes) == ((RaterRole.SUPERIOR,), ())


def test_an_owners_form_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "mine.toml").write_text(SMALL.replace('"small_form"', '"department"'), "utf-8")
    forms = read_forms(tmp_path)
    assert set(forms) == set(ALL)
    assert forms["department"].title["en"] == "Small form"
    assert forms["department"].effective_from == "2026-01-01"


def test_a_form_with_raters_among_the_surveys_is_refused_with_file_line_and_key(tmp_path: Path) -> None:
    (tmp_path / "surveys").mkdir()
    path = tmp_path / "surveys" / "small_form.toml"
    path.write_text(SMALL, "utf-8")
    assert not is_form(path)
    expected = (
        f"{path}:5: raters: This is a form with raters, and a survey is sent to customers. "
        "Move the file to forms/, beside surveys/."
    )
    for read in (lambda: read_survey(path), lambda: read_surveys(tmp_path)):
        with pytest.raises(ConfigErrors) as errors:
            read()
        assert str(errors.value) == expected
