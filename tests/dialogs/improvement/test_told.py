"""What whoever raised a finding is told, in each language, with and without what they had said."""

import pytest

from config.locale.phrases import load_phrases
from dialogs.improvement.told import is_finding, told_text
from scoring.values import replace
from tests.dialogs.improvement.laws import START

PHRASES = load_phrases()
TOLD = replace(
    START,
    told=(("zh-Hans", "报修后 4 小时内回电。"), ("en", "we call back within 4 hours.")),
)


@pytest.mark.parametrize(
    ("locale", "said", "text"),
    [
        ("zh-Hans", "等了两天才有人来", "您说过：“等了两天才有人来”。我们改了：报修后 4 小时内回电。谢谢您。"),
        ("zh-Hans", "等了两天才有人来。", "您说过：“等了两天才有人来”。我们改了：报修后 4 小时内回电。谢谢您。"),
        ("zh-Hans", "", "您提过的问题，我们改了：报修后 4 小时内回电。谢谢您告诉我们。"),
        ("zh-Hant", "等了兩天", "您說過：「等了兩天」。我們改了：报修后 4 小时内回电。謝謝您。"),
        ("zh-Hant", "", "您提過的問題，我們改了：报修后 4 小时内回电。謝謝您告訴我們。"),
        (
            "en",
            "two days without a call.",
            "You said: “two days without a call”. We changed this: we call back within 4 hours. Thank you.",
        ),
        ("en", "", "You told us about a problem. We changed this: we call back within 4 hours. Thank you."),
    ],
)
def test_each_language_has_its_words(locale: str, said: str, text: str) -> None:
    assert told_text(TOLD, said, PHRASES, locale) == text


def test_a_language_that_nobody_wrote_gets_the_first_wording_and_its_own_its_own() -> None:
    hant = replace(TOLD, told=(*TOLD.told, ("zh-Hant", "報修後 4 小時內回電")))
    assert "報修後 4 小時內回電" in told_text(hant, "", PHRASES, "zh-Hant")
    assert "报修后 4 小时内回电" in told_text(hant, "", PHRASES, "zh-Hans")
    only_english = replace(TOLD, told=(("en", "a call within 4 hours"),))
    assert "a call within 4 hours" in told_text(only_english, "", PHRASES, "zh-Hans")


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("慢" * 80, "慢" * 59 + "…"),
        ("等了\n两天\t 没人来", "等了 两天 没人来"),
        ("\u202e倒着写\u202c", "倒着写"),
        ("{said} 和 {changed}", "{said} 和 {changed}"),
        ("“引号”里的话", "“引号”里的话"),
    ],
    ids=["long", "lines", "right to left", "braces", "quotation marks"],
)
def test_words_of_any_kind_are_quoted_safely_on_one_line(said: str, quoted: str) -> None:
    assert told_text(TOLD, said, PHRASES, "zh-Hans").startswith(f"您说过：“{quoted}”。我们改了：")


def test_a_finding_is_known_by_its_id() -> None:
    assert is_finding("fin_4xK")
    assert not any(is_finding(id_) for id_ in ("", "rules", "cam_fin_", "final"))
