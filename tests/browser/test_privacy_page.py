"""The privacy notice in a real browser, on the smallest phone: readable, by day and by night, in each language."""

from pathlib import Path

import pytest

from tests.browser.tab import open_tab

TITLES = {"zh-Hans": "隐私说明", "zh-Hant": "隱私說明", "en": "Privacy notice"}


@pytest.mark.some(1)
@pytest.mark.parametrize("locale", TITLES)
async def test_the_notice_is_readable_on_the_smallest_phone(
    address: str, chromium: str, tmp_path: Path, locale: str
) -> None:
    async with open_tab(chromium, 320, 568) as tab:
        await tab.goto(f"{address}/privacy?locale={locale}")
        await tab.sees(TITLES[locale])
        for scheme, rules in (("dark", ["color-contrast"]), ("light", [])):
            await tab.color(scheme)
            await tab.photograph(tmp_path / f"privacy-{locale}-{scheme}.png")
            assert await tab.barriers(rules) == []
        assert await tab.asks("parseFloat(getComputedStyle(document.querySelector('.read p')).fontSize)") >= 16
        assert tab.complaints == []
