"""A mistake in a survey definition is told in one sentence: the file, the key or line, what is wrong, and the fix."""

import re
from pathlib import Path

import pytest

from config.errors import ConfigErrors
from config.surveys.load import lint, read_survey, read_surveys
from config.surveys.schema import MOST_QUESTIONS
from tests.support.blocks import Block, read_blocks

HERE = Path(__file__).parent
SMALL = (HERE / "small_survey.toml").read_text("utf-8")
BLOCKS = read_blocks(HERE / "wrong_surveys.txt")


def changed(block: Block) -> str:
    """Apply a block's change to the small survey."""
    lines = block.given.splitlines()
    old = "".join(f"{line[2:]}\n" for line in lines if line.startswith("- "))
    new = "".join(f"{line[2:]}\n" for line in lines if line.startswith("+ "))
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def told(path: Path) -> list[str]:
    """Return what the owner of a wrong file reads."""
    with pytest.raises(ConfigErrors) as errors:
        read_survey(path)
    return str(errors.value).replace(f"{path.parent}/", "").splitlines()


def without_lines(lines: list[str]) -> list[str]:
    """Return what is told of keys without their lines, for those who look at what is wrong."""
    return [re.sub(r"^([a-z]+\.toml):\d+: ([a-z])", r"\1: \2", line) for line in lines]


def asking(count: int) -> str:
    """Return the small survey with another number of questions."""
    head, first, _ = SMALL.split("[[questions]]")
    return head + "".join(f"[[questions]]{first.replace('speed', f'speed_{number}')}" for number in range(count))


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"line {block.line}")
def test_a_wrong_definition_is_named_with_its_key_and_its_fix(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(changed(block), "utf-8")
    assert without_lines(told(path)) == block.expected


def test_importance_is_asked_of_customers_or_given_to_questions_and_not_both(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    both = SMALL.replace("version = 1\n", "version = 1\nask_importance = true\n", 1)
    path.write_text(both.replace("[[questions]]\n", "[[questions]]\nimportance = 5\n"), "utf-8")
    (line,) = told(path)
    assert line.startswith("small.toml:3: ask_importance: The questions have an importance already")
    path.write_text(both, "utf-8")
    assert read_survey(path).asks_importance


def test_a_mistake_is_told_with_the_line_of_its_key_or_of_what_it_belongs_to(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL.replace("version = 1", 'version = "one"').replace('id = "speed"', 'id = "Speed it"'), "utf-8")
    lines = path.read_text("utf-8").splitlines()
    wrong = [lines.index('version = "one"') + 1, lines.index('id = "Speed it"') + 1]
    assert [line.split(": ")[0] for line in told(path)] == [f"small.toml:{line}" for line in wrong]
    path.write_text(SMALL.replace('id = "speed"\n', ""), "utf-8")
    heading = SMALL.splitlines().index("[[questions]]") + 1
    assert told(path)[0].startswith(f"small.toml:{heading}: questions[#1].id: This is missing.")


def test_the_small_survey_itself_is_right() -> None:
    assert read_survey(HERE / "small_survey.toml").key == ("small", 1)


def test_a_definition_that_is_not_there_is_named(tmp_path: Path) -> None:
    fix = "Check the path and its permissions."
    assert told(tmp_path / "gone.toml") == [f"gone.toml: It cannot be read: No such file or directory. {fix}"]


def test_a_survey_speaks_simplified_chinese_or_english(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    without_english = "\n".join(
        line for line in SMALL.splitlines() if not line.startswith(("en =", "name.en", "definition.en"))
    )
    path.write_text(without_english.replace("zh-Hans", "zh-Hant"), "utf-8")
    problem = "It speaks neither Simplified Chinese nor English. Write it in zh-Hans or en, too."
    assert without_lines(told(path)) == [f"small.toml: title: {problem}"]


def test_a_survey_asks_one_to_twenty_questions(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(asking(MOST_QUESTIONS + 1), "utf-8")
    assert without_lines(told(path)) == ["small.toml: questions: There are 21 questions. Ask at most 20."]
    path.write_text(asking(0).replace("version = 1", "version = 1\nquestions = []"), "utf-8")
    assert without_lines(told(path)) == ["small.toml: questions: There are too few of these. Add at least one."]


@pytest.mark.row("S0-20")
def test_more_than_seven_ratings_are_advised_against(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(asking(7), "utf-8")
    assert lint(read_survey(path)) == []
    path.write_text(asking(8), "utf-8")
    assert lint(read_survey(path)) == ["small asks for 8 ratings; above 7 many people stop half-way. Ask fewer."]


@pytest.mark.row("S0-20")
def test_more_than_two_minutes_are_advised_against(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(asking(3).replace('"快不快"', f'"{"快" * 200}"'), "utf-8")
    assert lint(read_survey(path)) == [
        "small is expected to take 2 minutes and 33 seconds; above 2 minutes many people stop half-way. Ask less."
    ]


def test_mistakes_in_several_files_are_told_together(tmp_path: Path) -> None:
    folder = tmp_path / "surveys"
    folder.mkdir()
    (folder / "a.toml").write_text(SMALL.replace("version = 1", "version = -1"), "utf-8")
    (folder / "b.toml").write_text(SMALL, "utf-8")
    (folder / "c.toml").write_text(SMALL, "utf-8")
    with pytest.raises(ConfigErrors) as errors:
        read_surveys(tmp_path)
    assert str(errors.value).replace(f"{folder}/", "").splitlines() == [
        "a.toml:2: version: -1 is out of range. Write a whole number from 1 to 1000000.",
        "c.toml: id: b.toml is 'small' as well. Give one of them another id.",
    ]
