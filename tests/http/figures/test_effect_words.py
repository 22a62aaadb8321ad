"""What a change comes to, how sure a share is and who is worth a call: in words, in every language."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.http.api.effects.sample_size import needed_answers, share_interval
from bot.http.api.effects.worth_call_json import CallWords, call_list
from config.locale.phrases import load_phrases
from scoring.effects.before_after import EffectVerdict
from scoring.values import replace
from scoring.worth_call import CallCandidate, CallReason, CallRule, WorthCall

PHRASES = load_phrases()
LOCALES = ("zh-Hans", "zh-Hant", "en")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
RULE = CallRule(("vip",), 3, timedelta(days=30))
MEI = CallCandidate(
    customer="mei",
    name="梅",
    tier="vip",
    has_phone=True,
    is_opted_out=False,
    complaints=4,
    complained_at=NOON,
    closed_at=NOON,
    called_at=None,
)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("verdict", EffectVerdict)
def test_every_verdict_has_a_sentence(locale: str, verdict: EffectVerdict) -> None:
    said = PHRASES.say(locale, f"effect.{verdict}", before=14, after=41, fewest=15)
    assert "{" not in said
    assert (verdict is EffectVerdict.TOO_FEW) == all(number in said for number in ("14", "41", "15"))


@pytest.mark.parametrize("locale", LOCALES)
def test_customers_on_both_sides_are_named_as_dependent(locale: str) -> None:
    said = PHRASES.say(locale, "effect.in_both", n=12)
    assert "12" in said
    assert {"zh-Hans": "关联", "zh-Hant": "關聯", "en": "depend"}[locale] in said


@pytest.mark.parametrize(
    ("of", "n", "said"),
    [
        (3, 3, "3 人里有 3 人，是 100%；真实的比例大约在 43.9% 到 100% 之间（Wilson 法，95% 把握）"),
        (5, 5, "5 人里有 5 人，是 100%；真实的比例大约在 56.6% 到 100% 之间（Wilson 法，95% 把握）"),
        (0, 4, "4 人里有 0 人，是 0%；真实的比例大约在 0% 到 49% 之间（Wilson 法，95% 把握）"),
        (74, 107, "107 人里有 74 人，是 69.2%；真实的比例大约在 59.9% 到 77.1% 之间（Wilson 法，95% 把握）"),
    ],
)
def test_an_interval_is_a_sentence(of: int, n: int, said: str) -> None:
    assert share_interval(of, n, PHRASES, "zh-Hans").text == said


@pytest.mark.parametrize(
    ("within", "share", "n"), [(5, 50, 381), (5, 90, 141), (10, 50, 93), (1, 50, 9600), (5, 0, 35)]
)
def test_a_number_of_answers_is_told_in_every_language(within: float, share: float, n: int) -> None:
    for locale in LOCALES:
        found = needed_answers(within, share, PHRASES, locale)
        assert found.n == n
        assert str(n) in found.text


BOTH = "30 天里投诉了 4 次；重要客户（vip），最近刚服务过"


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (MEI, BOTH),
        (replace(MEI, has_phone=False), f"{BOTH}；没留电话"),
        (
            replace(MEI, is_opted_out=True),
            f"{BOTH}；已退订，系统不再发消息；可以由人打电话，先问一句方不方便",
        ),
        (
            replace(MEI, is_opted_out=True, has_phone=False),
            f"{BOTH}；已退订，系统不再发消息；可以由人打电话，先问一句方不方便；没留电话",
        ),
    ],
)
def test_the_reasons_of_a_call_are_one_sentence(who: CallCandidate, said: str) -> None:
    both = WorthCall(who, (CallReason.COMPLAINTS, CallReason.TIER), NOON)
    found = call_list(RULE, [both, both], CallWords(PHRASES, "zh-Hans"), 1)
    assert [one.text for one in found.items] == [said]
    assert (found.more, found.days, found.tiers) == (True, 30, ("vip",))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("reason", CallReason)
def test_each_reason_has_its_words_in_every_language(locale: str, reason: CallReason) -> None:
    found = call_list(RULE, [WorthCall(MEI, (reason,), NOON)], CallWords(PHRASES, locale), 9)
    (one,) = found.items
    assert "{" not in one.text
    assert {CallReason.COMPLAINTS: "4", CallReason.TIER: "vip"}[reason] in one.text
    assert (found.more, one.reasons, one.since) == (False, (reason,), NOON)
