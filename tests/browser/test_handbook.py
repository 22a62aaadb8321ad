"""The documents at `/docs` on a phone: no barriers, nothing wider than the screen, in the light and in the dark."""

from pathlib import Path

import pytest

from tests.browser.tab import open_tab

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]
PAGES = [
    "docs",
    "docs/howto/reports",
    "docs/connect/README",
    "docs/reference/settings",
    "docs/api",
    "docs/api/Campaigns",
]


@pytest.mark.some(1)
@pytest.mark.parametrize("page", PAGES)
async def test_the_handbook_is_read_on_a_phone(address: str, chromium: str, tmp_path: Path, page: str) -> None:
    async with open_tab(chromium, 390, 844) as tab:
        await tab.goto(f"{address}/{page}?lang=zh-Hans")
        for scheme in ("light", "dark"):
            await tab.color(scheme)
            await tab.photograph(tmp_path / f"{scheme}.png")
            assert await tab.barriers(RULES) == []
        assert await tab.asks("document.documentElement.scrollWidth") <= 390
        assert tab.complaints == []
