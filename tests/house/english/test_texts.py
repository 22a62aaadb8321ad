"""Every text that people read stands in the phrases, in every language, and every phrase is said somewhere."""

import re
from pathlib import Path

import pytest

from config.locale.phrases import load_phrases
from dialogs.phrases import VARIANT, placeholders
from tests.house.english.scripts import SIMPLIFIED, TRADITIONAL
from tests.house.english.sentences import cjk_literals, english_literals, spoken
from tests.house.tree import ROOT, plant

PHRASES = load_phrases()
SURVEYS = ROOT / "config" / "defaults" / "surveys"
MAY_HOLD_CHINESE = {
    "bot/web.py": "what the terminal shows at the start, in both languages",
    "bot/channels/wechat/api/credentials.py": "names of places in WeChat's console",
    "bot/channels/wechat/outbound/fields.py": "formats of WeChat's template fields",
    "bot/cli/__init__.py": "the command line's own name",
    "bot/cli/text/labelled_file.py": "labels that people give to texts",
    "config/settings/settings.py": "defaults and examples of settings",
    "config/settings/channels/wechat.py": "names of places in WeChat's console",
    "dialogs/campaign/audience_parser.py": "what people type",
    "dialogs/understanding/numerals.py": "what people type",
    "dialogs/understanding/score_phrases.py": "what people type",
    "dialogs/understanding/scores.py": "what people type",
    "dialogs/understanding/commands.py": "what people type",
    "dialogs/campaign/schedule_parser.py": "what people type",
    "scoring/text_evaluation/labelled.py": "what people type",
}


def _plain(locale: str) -> dict[str, frozenset[str]]:
    """Return each phrase with its placeholders; plural forms count as one."""
    found: dict[str, frozenset[str]] = {}
    for key, text in PHRASES.texts[locale].items():
        name = key.partition(VARIANT)[0]
        found[name] = found.get(name, frozenset()) | placeholders(text)
    return found


def _unsaid(root: Path, keys: set[str]) -> list[str]:
    told = spoken(root)
    surveys = "\n".join(path.read_text() for path in SURVEYS.glob("*.toml"))
    told.words.update(re.findall(r'^id = "(\w+)"', surveys, re.MULTILINE))
    return sorted(key for key in keys if not told.may_say(key))


def test_every_language_has_every_phrase_with_the_same_placeholders() -> None:
    first, *others = (_plain(locale) for locale in PHRASES.texts)
    assert [sorted(first.items() ^ other.items()) for other in others] == [[], []]


def test_every_phrase_is_said_somewhere() -> None:
    assert _unsaid(ROOT, set(_plain("en"))) == []


def test_a_phrase_that_nobody_says_is_seen(tmp_path: Path) -> None:
    code = 'say("a.plain")\nkind = "low"\nsay(f"b.{kind}")\nhead = "c"\nsay(f"{head}.about")\n'
    plant(tmp_path, {"bot/x.py": code, "bot/x.html": "{{ say('d.page') }} {{ say('e.' ~ reach) }}"})
    keys = {"a.plain", "a.other", "b.low", "b.high", "c.about", "z.about", "d.page", "e.low", "e.high"}
    assert _unsaid(tmp_path, keys) == ["a.other", "b.high", "e.high", "z.about"]


def test_no_chinese_text_is_written_into_the_code() -> None:
    strays = [f"{file}:{line}: {text}" for file, line, text in cjk_literals(ROOT) if file not in MAY_HOLD_CHINESE]
    assert strays == []


def test_each_file_that_may_hold_chinese_does() -> None:
    assert {file for file, _, _ in cjk_literals(ROOT)} >= set(MAY_HOLD_CHINESE)


def test_no_sentence_is_written_into_a_message() -> None:
    assert list(english_literals(ROOT)) == []


def test_a_text_in_the_code_is_seen(tmp_path: Path) -> None:
    plant(tmp_path, {"bot/x.py": '"""文档。"""\nPrompt("Your survey is ready")\nsay("您好")\n'})
    assert list(english_literals(tmp_path)) == [("bot/x.py", 2, "Your survey is ready")]
    assert list(cjk_literals(tmp_path)) == [("bot/x.py", 3, "您好")]


def test_no_date_that_people_read_is_written_in_the_code() -> None:
    rooms = (ROOT / "dialogs", ROOT / "bot" / "http" / "console", ROOT / "bot" / "http" / "team_page")
    own = [
        str(p.relative_to(ROOT))
        for room in rooms
        for p in room.rglob("*.py")
        if re.search(r":%[mdHMY]|strftime", p.read_text())
    ]
    assert own == []


@pytest.mark.parametrize(("locale", "foreign"), [("zh-Hans", TRADITIONAL), ("zh-Hant", SIMPLIFIED)])
def test_each_script_is_written_throughout(locale: str, foreign: frozenset[str]) -> None:
    texts = {key: text for key, text in PHRASES.texts[locale].items() if key != "language.name"}
    assert {key: sorted(foreign & set(text)) for key, text in texts.items() if foreign & set(text)} == {}


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
def test_the_customer_is_addressed_politely(locale: str) -> None:
    assert [key for key, text in PHRASES.texts[locale].items() if "你" in text] == []
