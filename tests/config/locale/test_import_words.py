"""What is told of wrong rows: every sentence of the code in three languages, with what differs from row to row."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.import_words import told_mistake
from config.tomlfile import read_toml
from tests.house.tree import ROOT

KNOWN: dict[str, dict[str, str]] = read_toml(ROOT / "config" / "defaults" / "imports" / "mistakes.toml")
FOLDERS = ("bot/imports", "bot/handlers/imported", "bot/jobs/imports")
RAISED = {"CellProblem": 0, "UnreadableFile": 0, "RowMistake": 2, "_known_word": 1}
"""What says that a row or a file is wrong, and the first of its arguments that is a sentence."""
HOLES = re.compile(r"\{(\w+)\}")


def sentences(path: Path) -> Iterator[str]:
    """Yield the sentences of a file of the code; what differs from row to row is `…`."""
    tree = ast.parse(path.read_text("utf-8"))
    named = [one for one in ast.walk(tree) if isinstance(one, ast.Assign)]
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in RAISED:
            continue
        for argument in call.args[RAISED[call.func.id] :]:
            name = argument.id if isinstance(argument, ast.Name) else ""
            several = [argument, *(one.value for one in named if name in {ast.unparse(each) for each in one.targets})]
            yield from filter(None, map(text_of, several))


def text_of(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(map(part_of, parts))
        case _:
            return ""


def part_of(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    is_quoted = isinstance(node, ast.FormattedValue) and node.conversion == ord("r")
    return "'…'" if is_quoted else "…"


def every_sentence() -> list[str]:
    paths = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.py"))
    return sorted({sentence for path in paths for sentence in sentences(path)})


def test_every_sentence_about_a_wrong_row_or_file_is_there_in_chinese() -> None:
    found = every_sentence()
    assert len(found) > 90
    assert [one for one in found if told_mistake("zh-Hans", one) == one] == []


def test_every_language_has_what_differs_and_nothing_else() -> None:
    for sentence, spoken in KNOWN.items():
        assert sorted(spoken) == ["zh-Hans", "zh-Hant"], sentence
        for text in spoken.values():
            assert sorted(HOLES.findall(text)) == sorted(HOLES.findall(sentence)), sentence


@pytest.mark.parametrize(
    ("text", "simplified", "traditional"),
    [
        ("is no channel", "不是渠道", "不是管道"),
        ("write at most 500", "最多写 500 个", "最多寫 500 個"),
        ("write true or false", "请写 true 或 false", "請寫 true 或 false"),
        ("write sms, wechat", "请写 sms, wechat", "請寫 sms, wechat"),
        ("write one of skills", "请写其中一个：skills", "請寫其中一個：skills"),
        (
            "import the surveys.csv of that export first, or leave the version out",
            "先导入那次导出的 surveys.csv，或者：请去掉版本",
            "先匯入那次匯出的 surveys.csv，或者：請去掉版本",
        ),
        (
            "constant at = 'soon' is no date and time; write it as 2026",
            "固定值 at = soon：不是日期和时间；请写成 2026",
            "固定值 at = soon：不是日期和時間；請寫成 2026",
        ),
        ("this ticket is stored with {1} there", "这张工单已存的是 {1}", "這張工單已存的是 {1}"),
        (
            "constant or = 'first, or ' is no date and time; write it as 2026; or; write it as that",
            "固定值 or = first, or ：is no date and time; write it as 2026; or；请写成 that",
            "固定值 or = first, or ：is no date and time; write it as 2026; or；請寫成 that",
        ),
        ("is no question of ", "is no question of ", "is no question of "),
        ("is something new", "is something new", "is something new"),
    ],
)
def test_a_sentence_is_told_with_what_it_holds(text: str, simplified: str, traditional: str) -> None:
    assert told_mistake("zh-Hans", text) == simplified
    assert told_mistake("zh-Hant", text) == traditional
    assert told_mistake("en", text) == text


@pytest.mark.parametrize(
    "text",
    [
        "import the surveys.csv of that export first, or " * 20_000 + "leave it out",
        "constant a = '" * 20_000 + "' ; ",
        "x: no column is " * 20_000 + "; nobody knows ",
        "/: " * 100_000,
        "write one of " + "a\n\x00\ud800" * 100_000,
    ],
)
def test_a_sentence_may_quote_whatever_stands_in_a_file(text: str) -> None:
    told = told_mistake("zh-Hans", text)
    assert len(told) > len(text) / 100
