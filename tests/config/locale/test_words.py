"""The words of the understanding: the shipped lists agree with each other, and an owner's own go over them."""

import re
from pathlib import Path

import pytest

from config.errors import ConfigErrors
from config.locale.words import load_lexicon, topic_names
from config.surveys.load import read_surveys
from dialogs.understanding.lexicon import Intent, Lexicon
from dialogs.understanding.model import AskedQuestion, Chosen, Reading, Wants, Words
from dialogs.understanding.read import read, wish
from scoring.rules import AlertRule, alert_words
from tests.house.tree import ROOT

SURVEY = read_surveys()["after_service"]


def _own(folder: Path, text: str, name: str = "mine") -> Lexicon:
    (folder / "words").mkdir(exist_ok=True)
    (folder / "words" / f"{name}.toml").write_text(text, "utf-8")
    return load_lexicon(folder)


def _read(text: str, lexicon: Lexicon, question: str = "attitude") -> Reading:
    return read(text, AskedQuestion(SURVEY, question, "zh-Hans"), lexicon)


def _shipped_kinds(lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Return the words of all shipped files with the lists in which they stand."""
    written = "".join(path.read_text("utf-8") for path in (ROOT / "config/defaults/words").glob("*.toml"))
    words = {lexicon.folded_word(word) for word in re.findall(r'"((?:[^"\\\n]|\\.)+)"', written)}
    return {word: lexicon.kinds(word) for word in words}


def test_no_word_has_two_levels_for_the_same_side() -> None:
    shipped = load_lexicon()
    groups = ("adjective.", "sign.", *(f"topic.{name}." for name in topic_names()))
    for word, kinds in _shipped_kinds(shipped).items():
        for group in groups:
            assert len({kind for kind in kinds if kind.startswith(group)}) <= 1, (word, sorted(kinds))


def test_each_pattern_is_made_of_lists_that_there_are() -> None:
    shipped = load_lexicon()
    known = frozenset().union(*_shipped_kinds(shipped).values())
    assert {name for _, pattern in shipped.patterns for name in pattern.names} <= known
    assert {intent for intent, _ in shipped.patterns} == set(Intent)


def test_words_of_the_owner_are_added_and_move_what_they_name(tmp_path: Path) -> None:
    assert (_read("呱呱乐", load_lexicon()), _read("不错", load_lexicon())) == (Words(), Chosen(4))
    mine = _own(tmp_path, '[adjective]\n5 = ["呱呱乐", "给力"]\n2 = ["讚"]\n[wish]\nunsubscribe = ["退出服务号"]\n')
    assert (_read("呱呱乐", mine), _read("真呱呱乐", mine), _read("赞", mine)) == (Chosen(5), Chosen(5), Chosen(2))
    assert wish("我要退出服务号", mine) is Intent.STOP
    assert _read("不错", mine) == Chosen(4)


def test_a_word_can_be_removed_and_a_misspelling_be_told(tmp_path: Path) -> None:
    mine = _own(tmp_path, 'remove = ["拒收"]\n[typos]\n"满以" = "满意"\n')
    assert (_read("拒收", mine), _read("很满以", mine)) == (Words(), Chosen(5))
    assert _read("拒收", load_lexicon()) == Wants(Intent.STOP)


def test_the_example_of_the_guide_can_be_used(tmp_path: Path) -> None:
    page = (ROOT / "docs/howto/surveys.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(remove = .*?)```", page, re.DOTALL)
    mine = _own(tmp_path, example)
    assert (_read("霸得蛮好", mine), _read("恼人", mine), _read("很满以", mine)) == (Chosen(5), Chosen(2), Chosen(5))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[adjectiv]\n5 = ["x"]\n', "words/mine.toml: adjectiv.5: There is no such list. Did you mean adjective.5?"),
        (
            '[adjective]\n5 = "x"\n',
            'words/mine.toml: adjective.5: This is not a list of words. Write ["one", "another"].',
        ),
        (
            '[adjective]\n5 = ["呱呱乐"]\n2 = ["呱呱乐"]\n',
            "words/mine.toml: adjective.2: '呱呱乐' stands in adjective.5 as well. Let each word mean one thing.",
        ),
        (
            '[adjective]\n5 = ["呱呱乐", "呱呱乐"]\n',
            "words/mine.toml: adjective.5: '呱呱乐' stands here twice. Keep one.",
        ),
        ("remove = 5\n", 'words/mine.toml: remove: This is not a list of words. Write ["one", "another"].'),
        (
            '[patterns]\nstopp = ["wish.no"]\n',
            "words/mine.toml: patterns.stopp: There is no such wish. Did you mean stop?",
        ),
        (
            '[patterns]\nstop = ["wish.nope"]\n',
            "words/mine.toml: patterns.stop: There is no list wish.nope. Did you mean wish.no?",
        ),
        (
            "[patterns]\nstop = 5\n",
            'words/mine.toml: patterns.stop: This is not a list of patterns. Write ["wish.no wish.send"].',
        ),
        ("patterns = 5\n", 'words/mine.toml: patterns: This is not a table. Write stop = ["…"] below [patterns].'),
        ("[typos]\na = 5\n", 'words/mine.toml: typos: This is not a table of words. Write "wrong" = "right".'),
        ("[adjective\n", "words/mine.toml:1: "),
    ],
)
def test_what_cannot_be_used_is_named_with_file_and_list(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as wrong:
        _own(tmp_path, text)
    (said,) = str(wrong.value).splitlines()
    assert said.startswith(problem) if problem.endswith(": ") else said == problem


def test_two_files_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    _own(tmp_path, '[adjective]\n5 = ["呱呱乐"]\n', "a")
    with pytest.raises(ConfigErrors, match=r"words/b\.toml: adjective\.1: '呱呱乐' stands in adjective\.5 as well"):
        _own(tmp_path, '[adjective]\n1 = ["呱呱乐"]\n', "b")


@pytest.mark.parametrize(
    "text",
    ["我要投訴", "我要客诉", "I want to complain", "ＲＥＦＵＮＤ", "退費！", "I want my money back"],
)
def test_the_alert_words_of_the_settings_count_in_both_scripts_and_all_their_forms(text: str) -> None:
    words = ("投诉", "退款", "12315", "曝光", "起诉", "complaint", "refund", "lawyer")
    rule = load_lexicon().spelled(AlertRule(words=words))
    assert alert_words(text, rule)
    assert not alert_words("can't complain", rule)


def test_an_owner_tells_other_ways_to_say_an_alert_word(tmp_path: Path) -> None:
    mine = _own(tmp_path, '[alert]\n"曝光" = ["挂网上"]\n')
    assert alert_words("我要把你们掛網上", mine.spelled(AlertRule(words=("曝光",)))) == ("曝光",)
