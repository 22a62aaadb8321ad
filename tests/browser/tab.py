"""A tab of Chromium with the screen of a phone, led over the DevTools protocol."""

import asyncio
import html
import itertools
import json
import re
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

__all__ = ["Tab", "open_tab"]

T = TypeVar("T")
Json = dict[str, Any]
PATIENCE = 15.0
SERIOUS = {"serious", "critical"}


@dataclass(slots=True)
class Tab:
    """What a person does and sees; `complaints` are errors of the page's scripts and of its content policy."""

    socket: aiohttp.ClientWebSocketResponse
    session: str = ""
    complaints: list[str] = field(default_factory=list)
    weight: int = 0
    _heard: list[tuple[str, Json]] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _waiting: dict[int, "asyncio.Future[Json]"] = field(default_factory=dict)

    async def call(self, method: str, **params: object) -> Json:
        """Call a method of the protocol; LookupError for what it refuses, such as a node of a page that is gone."""
        number, done = next(self._numbers), asyncio.get_running_loop().create_future()
        self._waiting[number] = done
        session = {"sessionId": self.session} if self.session else {}
        await self.socket.send_json({"id": number, "method": method, "params": params, **session})
        async with asyncio.timeout(PATIENCE):
            answer: Json = await done
        if "error" in answer:
            raise LookupError(f"{method}: {answer['error']}")
        return dict(answer["result"])

    async def listen(self) -> None:
        """Take in what Chromium says, until it is gone."""
        async for message in self.socket:
            told = json.loads(message.data)
            if "id" in told:
                self._waiting.pop(told["id"]).set_result(told)
            else:
                self._noticed(told["method"], told["params"])

    def _noticed(self, method: str, params: Json) -> None:
        self._heard.append((method, params))
        if method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.complaints.append(params["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))
        elif method == "Network.dataReceived":
            self.weight += params["dataLength"]

    # -- what a person does ------------------------------------------------------------------------------------

    async def goto(self, url: str) -> None:
        """Open an address; it is there when all that it loads is."""
        self._heard.clear()
        await self.call("Page.navigate", url=url)
        await self.hears("Page.loadEventFired")

    async def tap(self, selector: str) -> None:
        """Tap the middle of the first element that fits; the screen moves there first."""
        point = await self._patiently(lambda: self._middle(selector))
        await self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[point])
        await self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    async def write(self, selector: str, text: str) -> None:
        """Type into a field."""
        await self._patiently(lambda: self._focused(selector))
        await self.call("Input.insertText", text=text)

    async def choose(self, selector: str, path: Path) -> None:
        """Choose a file of this machine in a field for files."""
        node = await self._patiently(lambda: self._node(selector))
        await self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path)])

    # -- what a person sees ------------------------------------------------------------------------------------

    async def sees(self, text: str) -> None:
        """Wait until the page says this."""
        await self._patiently(lambda: self._says(text))

    async def until(self, expression: str) -> None:
        """Wait until an expression in the page is true."""
        await self._patiently(lambda: self.asks(expression))

    async def hears(self, event: str) -> Json:
        """Wait until Chromium has told of an event of this name; gives the first."""

        async def look() -> Json | None:
            return next((params for method, params in self._heard if method == event), None)

        return await self._patiently(look)

    async def asks(self, expression: str) -> Any:  # noqa: ANN401 (whatever a script gives)
        """Return the value of an expression in the page."""
        told = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    async def color(self, scheme: str) -> None:
        """Look at it in `light` or `dark`."""
        await self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"},
        ])  # fmt: skip

    async def photograph(self, path: Path) -> None:
        """Take a picture of the screen."""
        picture = b64decode((await self.call("Page.captureScreenshot", optimizeForSpeed=True))["data"])
        await asyncio.to_thread(path.write_bytes, picture)

    async def barriers(self, rules: list[str]) -> list[str]:
        """Let axe-core look for what keeps people out, by these rules or by all of them.

        Gives its serious findings, and pages wider than the screen.
        """
        if not await self.asks("Boolean(window.axe)"):
            await self.asks(AXE)
        asked = json.dumps({"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {}))
        found = await self.asks(f"axe.run({asked}).then((told) => told.violations)")
        wide = await self.asks("document.documentElement.scrollWidth > innerWidth")
        serious = [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in SERIOUS]
        return serious + ["wider than the screen"] * wide

    # -- inside --------------------------------------------------------------------------------------------------

    async def _patiently(self, look: Callable[[], Awaitable[T | None]]) -> T:
        """Look again and again until there is something; between two pages there is nothing."""
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(LookupError):
                    found = await look()
                    if found:
                        return found
                await asyncio.sleep(0.02)

    async def _says(self, text: str) -> bool:
        root = (await self.call("DOM.getDocument", depth=0))["root"]["nodeId"]
        source = (await self.call("DOM.getOuterHTML", nodeId=root))["outerHTML"]
        return text in html.unescape(re.sub(r"<[^>]*>", "\n", source))

    async def _middle(self, selector: str) -> Json:
        node = await self._node(selector)
        await self.call("DOM.scrollIntoViewIfNeeded", nodeId=node)
        box = (await self.call("DOM.getBoxModel", nodeId=node))["model"]["border"]
        return {"x": (box[0] + box[4]) / 2, "y": (box[1] + box[5]) / 2}

    async def _focused(self, selector: str) -> bool:
        await self.call("DOM.focus", nodeId=await self._node(selector))
        return True

    async def _node(self, selector: str) -> int:
        root = (await self.call("DOM.getDocument", depth=0))["root"]["nodeId"]
        return int((await self.call("DOM.querySelector", nodeId=root, selector=selector))["nodeId"])


AXE = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8") + ";0"


@asynccontextmanager
async def open_tab(browser: str, width: int, height: int, *, scripts: bool = True) -> AsyncIterator[Tab]:
    """Open a tab of its own, without memory of others; `scripts` false: a browser in which none run."""
    async with aiohttp.ClientSession() as client, client.ws_connect(browser, max_msg_size=0) as socket:
        tab = Tab(socket)
        listening = asyncio.create_task(tab.listen())
        context = (await tab.call("Target.createBrowserContext"))["browserContextId"]
        target = await tab.call("Target.createTarget", url="about:blank", browserContextId=context)
        attached = await tab.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        tab.session = attached["sessionId"]
        for domain in ("Page", "DOM", "Log", "Runtime", "Network"):
            await tab.call(f"{domain}.enable")
        screen = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": True}
        await tab.call("Emulation.setDeviceMetricsOverride", **screen)
        await tab.call("Emulation.setTouchEmulationEnabled", enabled=True)
        await tab.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        try:
            yield tab
        finally:
            tab.session = ""
            await tab.call("Target.disposeBrowserContext", browserContextId=context)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
