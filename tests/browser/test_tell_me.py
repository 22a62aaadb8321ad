"""WeChat's own button on the page: our content policy lets it in, and it shows once WeChat says that it works."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.signed_links import LinkPurpose
from tests.browser.serving import served
from tests.browser.tab import Tab, open_tab
from tests.support.web.survey_pages import LINKS, asked, open_house_with_pages

WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50"
SDK = """
window.wx = {
  config(given) { this.given = given; },
  ready(then) {
    customElements.define("wx-open-subscribe", class extends HTMLElement {
      connectedCallback() {
        const [style, button] = this.querySelectorAll("script[type='text/wxtag-template']");
        this.attachShadow({ mode: "open" }).innerHTML = style.textContent + button.textContent;
      }
    });
    then();
  },
};
"""
"""What WeChat's script does, as far as the page can see: templates become a button that is drawn apart."""

BUTTON = "document.querySelector('wx-open-subscribe').shadowRoot.querySelector('.b')"
ACCEPTED = """dispatchEvent(new CustomEvent("success", {
    detail: {errMsg: "subscribe:ok", subscribeDetails: '{"tmpl-fixed": {"status": "accept"}}'}
}))"""


class Signing:
    """WeChat's side of the subscription."""

    template_id = "tmpl-fixed"
    user_agent = "MicroMessenger"

    async def config(self, url: str) -> Mapping[str, object]:
        """Sign the page."""
        return {"appId": "wx1", "timestamp": 1, "nonceStr": "n", "signature": f"of {url}"}


async def stand_in(tab: Tab) -> None:
    """Answer for WeChat's server."""
    paused = await tab.hears("Fetch.requestPaused")
    headers = [{"name": "content-type", "value": "text/javascript"}]
    body = b64encode(SDK.encode()).decode()
    await tab.call(
        "Fetch.fulfillRequest", requestId=paused["requestId"], responseCode=200, responseHeaders=headers, body=body
    )


@pytest.mark.proof
async def test_the_offer_appears_where_wechat_can_show_it(chromium: str, tmp_path: Path) -> None:
    async with (
        open_house_with_pages(tmp_path, subscription=Signing()) as house,
        served(house) as address,
        house.client() as api,
        open_tab(chromium, 360, 640) as tab,
    ):
        token = LINKS.token(LinkPurpose.SURVEY, await asked(api), house.clock.now() + timedelta(hours=72))
        await tab.call("Emulation.setUserAgentOverride", userAgent=WECHAT)
        await tab.call("Fetch.enable", patterns=[{"urlPattern": "https://res.wx.qq.com/*"}])
        await tab.goto(f"{address}/s/{token}")
        await tab.sees("响应速度")
        await tab.tap("[name=rate][value='1']")
        for following in ("哪里让您不满意？", "问题解决得怎么样", "服务态度", "方便程度", "后续关怀", "最后一步"):
            await tab.sees(following)
            await tab.tap("[name=skip]")
        await stand_in(tab)
        await tab.sees("处理好了，要告诉您吗？")
        await tab.until("document.querySelector('.tell').hidden === false")
        await tab.photograph(tmp_path / "tell.png")
        assert await tab.asks(f"getComputedStyle({BUTTON}).backgroundColor") == "rgb(31, 122, 99)"
        given = await tab.asks("wx.given")
        assert (given["openTagList"], given["signature"]) == (["wx-open-subscribe"], f"of {LINKS.base}/s/{token}")
        await tab.asks(f"document.querySelector('wx-open-subscribe').{ACCEPTED}")
        assert await tab.asks("document.querySelector('.told').offsetHeight") > 0
        assert tab.complaints == []
