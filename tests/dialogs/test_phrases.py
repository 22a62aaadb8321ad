from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigErrors
from config.locale.formats import Cldr
from config.locale.phrases import load_phrases
from dialogs.issue.events import IssueHappening
from dialogs.issue.machine import ISSUE
from dialogs.phrases import VARIANT, Phrases, placeholders
from tests.dialogs.samples import LOCALES, PHRASES

_TOAST = 200  # Bot API, answerCallbackQuery


def _own(folder: Path, name: str, text: str) -> Path:
    (folder / "phrases").mkdir(exist_ok=True)
    (folder / "phrases" / name).write_text(text, encoding="utf-8")
    return folder


def _complaint(folder: Path) -> str:
    with pytest.raises(ConfigErrors) as caught:
        load_phrases(folder)
    return str(caught.value)


def test_every_language_has_the_same_phrases_with_the_same_placeholders() -> None:
    assert tuple(PHRASES.texts) == LOCALES
    holes = [_holes(locale) for locale in LOCALES]
    assert holes[0] == holes[1] == holes[2]


def test_the_timeline_has_words_for_every_event_of_an_issue() -> None:
    events = {entry.event for entry in ISSUE.rows if issubclass(entry.event, IssueHappening)}
    named = {name for event in events for name in (event.named, event.also_named) if name}
    assert len(named) > 15
    assert {f"team_page.event.{name}" for name in named} - PHRASES.texts["en"].keys() == set()


def _holes(locale: str) -> dict[str, frozenset[str]]:
    """Name the placeholders of each phrase; what `one` and `other` say of a number counts for both."""
    texts, found = PHRASES.texts[locale], dict[str, frozenset[str]]()
    for key, text in texts.items():
        plain = key.partition(VARIANT)[0]
        found[plain] = found.get(plain, frozenset()) | placeholders(text)
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_no_phrase_is_empty_except_the_owners_own_contact_line(locale: str) -> None:
    assert [key for key, text in PHRASES.texts[locale].items() if not text.strip()] == ["done.contact"]


@pytest.mark.parametrize("locale", LOCALES)
def test_nobody_is_called_the_company_that_served_you(locale: str) -> None:
    empty = ("为您服务的公司", "為您服務的公司", "the company that served you")
    assert [key for key, text in PHRASES.texts[locale].items() if any(one in text.lower() for one in empty)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_what_floats_over_the_chat_fits_there_even_with_a_long_name(locale: str) -> None:
    toasts = {key: text for key, text in PHRASES.texts[locale].items() if "." not in key}
    assert len(toasts) >= 10
    assert all(len(text) + 60 <= _TOAST for text in toasts.values())


@pytest.mark.parametrize("locale", LOCALES)
def test_the_hint_in_the_input_field_fits_there(locale: str) -> None:
    assert len(PHRASES.say(locale, "team.placeholder")) <= 64  # Bot API, ForceReply


def test_the_buttons_are_called_as_promised() -> None:
    promised = {
        "zh-Hans": "跳过 上一步 解决了 还没解决 认领 处理完成 发送 修改 不通知客户",
        "en": "Skip|Back|Solved|Not solved|Claim|Resolve|Send|Edit|Resolve silently",
    }
    keys = ("skip", "back", "solved", "not_solved", "claim", "resolve", "send", "edit", "silently")
    assert [PHRASES.say("zh-Hans", f"button.{key}") for key in keys] == promised["zh-Hans"].split()
    assert [PHRASES.say("en", f"button.{key}") for key in keys] == promised["en"].split("|")


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        *((tag, "zh-Hans") for tag in ("zh", "zh-CN", "zh-SG", "zh-hans", "zh-Hans-HK", "zh_CN", "ZH-cn", " zh ")),
        *((tag, "zh-Hant") for tag in ("zh-TW", "zh-HK", "zh-MO", "zh-Hant", "zh-hant-CN", "zh_tw")),
        *((tag, "en") for tag in ("en", "en-US", "en_GB", "EN")),
        *((tag, "zh-Hans") for tag in ("", "-", "fr", "x-klingon", "🙂", "e", "english please")),
    ],
)
def test_any_language_tag_finds_a_language_we_speak(tag: str, locale: str) -> None:
    assert PHRASES.locale(tag) == locale


def test_who_speaks_nothing_of_ours_hears_the_owners_language() -> None:
    assert load_phrases(default="en").locale("fr") == "en"


@given(tag=st.text())
def test_garbage_for_a_language_is_still_answered(tag: str) -> None:
    assert PHRASES.locale(tag) in LOCALES
    assert PHRASES.say(tag, "button.skip")


@given(value=st.text())
def test_braces_in_a_value_are_never_filled_in(value: str) -> None:
    phrases = Phrases({"zh-Hans": {"hello": "{name}，{name}！{other}"}}, Cldr())
    assert (
        phrases.say("zh-Hans", "hello", name=f"{{other}}{value}", other="x") == f"{{other}}{value}，{{other}}{value}！x"
    )


def test_the_owners_sentence_replaces_ours_and_the_rest_stays(tmp_path: Path) -> None:
    own = load_phrases(_own(tmp_path, "zh-Hans.toml", '[done]\ncontact = "热线 400-000-0000"\n'))
    assert own.say("zh-Hans", "done.contact") == "热线 400-000-0000"
    assert own.say("zh-Hans", "done.read") == PHRASES.say("zh-Hans", "done.read")
    assert own.say("en", "done.contact") == ""


def test_an_owner_may_write_one_sentence_for_every_number(tmp_path: Path) -> None:
    own = load_phrases(_own(tmp_path, "en.toml", '[invite]\nlength = "Questions: {count}."\n'))
    assert [own.say("en", "invite.length", count=count) for count in (1, 5)] == ["Questions: 1.", "Questions: 5."]


def test_a_folder_without_phrases_changes_nothing(tmp_path: Path) -> None:
    assert load_phrases(tmp_path).texts == PHRASES.texts


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("en.toml", '[remind]\nlenght = "x"', "phrases/en.toml: remind.lenght: There is no such phrase. Did you mean"),
        ("en.toml", '[invite]\nhello_name = "Hi {nmae}"', "Nothing fills {nmae} here. Possible are: {name}."),
        ("en.toml", '[invite]\nhello_name = "Hi"', "{name} is missing. Write {name} where it belongs"),
        ("en.toml", '[invite]\nhello = "Hi {name}"', "Nothing fills {name} here. Possible are: none."),
        ("en.toml", '[button]\nskip = " "', "phrases/en.toml: button.skip: It is empty."),
        ("en.toml", "[button]\nskip = 4", 'This is not a text. Put it in "double quotes".'),
        ("zh-TW.toml", "", "phrases/zh-TW.toml: There is no language zh-TW."),
        ("en.toml", '[invite]\nlength = "{count} of {total}"', "Nothing fills {total} here. Possible are: {count}."),
        ("en.toml", '[invite.length]\none = ""\nother = "x"', "phrases/en.toml: invite.length.one: It is empty."),
        ("en.toml", '[button]\nskip = "Skip', "phrases/en.toml:2"),
    ],
)
def test_a_phrase_that_cannot_be_used_is_named_with_the_fix(
    tmp_path: Path, file: str, text: str, complaint: str
) -> None:
    assert complaint in _complaint(_own(tmp_path, file, text))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    _own(tmp_path, "en.toml", '[button]\nskip = ""\nnope = "x"')
    assert len(_complaint(_own(tmp_path, "zh-Hant.toml", "[button]\nback = 1")).splitlines()) == 3


_STIFF = (
    *("反映", "提出异议", "敬请", "予以", "届时", "如有疑问", "很重要", "为您提供优质"),
    *("提出異議", "敬請", "屆時", "如有疑問"),
)
_MAINLAND = ("信息", "軟件", "網絡", "視頻", "二維碼", "默認", "服務器", "日誌", "發送", "短信", "鏈接", "賬號", "密鑰")


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
def test_the_chinese_is_spoken_and_no_officialese(locale: str) -> None:
    said = PHRASES.texts[locale].items()
    assert [(key, word) for key, text in said for word in _STIFF if word in text] == []


def test_the_traditional_chinese_is_written_and_not_converted() -> None:
    said = PHRASES.texts["zh-Hant"].items()
    assert [(key, word) for key, text in said for word in _MAINLAND if word in text] == []
