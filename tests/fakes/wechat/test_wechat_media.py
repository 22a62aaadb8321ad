"""Pictures and files as the platforms take them: of known kinds and sizes, uploaded before they are sent."""

from base64 import b64encode
from hashlib import md5
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from tests.fakes.wechat.conftest import Sender
from tests.fakes.wechat.test_wechat_robot import robot
from tests.support.wechat import FakeWeChat, Robot

__all__ = ["robot"]

Json = dict[str, Any]
PNG = b"\x89PNG\r\n\x1a\n"
UPLOAD, POST = "/cgi-bin/webhook/upload_media", "/cgi-bin/webhook/send"


async def uploaded(sender: Sender, path: str, content: bytes, field: str = "media", **query: str) -> Json:
    form = aiohttp.FormData()
    form.add_field(field, BytesIO(content), filename="week.png", content_type="image/png")
    address = f"{sender.wechat.api_base}{path}"
    async with sender.session.post(address, params={"access_token": sender.token, **query}, data=form) as answer:
        return dict(await answer.json(content_type=None))


def image(content: bytes, digest: str = "") -> Json:
    told = digest or md5(content, usedforsecurity=False).hexdigest()
    return {"msgtype": "image", "image": {"base64": b64encode(content).decode(), "md5": told}}


async def test_an_account_keeps_a_picture_and_shows_it(wechat: FakeWeChat, sender: Sender) -> None:
    mei = wechat.person()
    await mei.types("好")
    kept = await uploaded(sender, "/cgi-bin/media/upload", PNG, type="image")
    assert await sender.sends(mei.openid, "image", {"media_id": kept["media_id"]}) == 0
    assert (mei.sees[-1].way, mei.sees[-1].content) == ("image", PNG)


@pytest.mark.parametrize(
    ("content", "query", "field", "code"),
    [
        (b"%PDF", {"type": "image"}, "media", 40005),
        (PNG, {"type": "video"}, "media", 40004),
        (PNG, {"type": "image"}, "picture", 41005),
    ],
    ids=["no picture", "another kind", "another field"],
)
async def test_an_account_refuses_what_is_no_picture(
    sender: Sender, content: bytes, query: dict[str, str], field: str, code: int
) -> None:
    assert (await uploaded(sender, "/cgi-bin/media/upload", content, field, **query))["errcode"] == code


async def test_a_picture_that_was_never_uploaded_is_not_shown(wechat: FakeWeChat, sender: Sender) -> None:
    mei = wechat.person()
    await mei.types("好")
    assert await sender.sends(mei.openid, "image", {"media_id": "media-9"}) == 40007
    assert mei.sees == []


async def test_a_robot_shows_a_picture_and_an_uploaded_file(robot: Robot, stranger: Sender) -> None:
    assert (await stranger.post(f"{POST}?key={robot.key}", image(PNG)))["errcode"] == 0
    kept = await uploaded(stranger, UPLOAD, b"%PDF-1.7", key=robot.key, type="file")
    told = {"msgtype": "file", "file": {"media_id": kept["media_id"]}}
    assert (await stranger.post(f"{POST}?key={robot.key}", told))["errcode"] == 0
    assert [(one.kind, one.text, one.content) for one in robot.notices] == [
        ("image", "", PNG),
        ("file", "week.png", b"%PDF-1.7"),
    ]


@pytest.mark.parametrize(
    ("content", "digest", "code"),
    [(PNG, "0" * 32, 40058), (b"%PDF-1.7", "", 45001)],
    ids=["another md5", "no picture"],
)
async def test_a_robot_refuses_a_wrong_picture(
    robot: Robot, stranger: Sender, content: bytes, digest: str, code: int
) -> None:
    assert (await stranger.post(f"{POST}?key={robot.key}", image(content, digest)))["errcode"] == code
    assert robot.notices == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"1", "file"), (PNG, "voice")],
    ids=["too small", "voice"],
)
async def test_a_robot_refuses_a_file_of_a_wrong_size_or_kind(
    robot: Robot, stranger: Sender, content: bytes, kind: str
) -> None:
    assert (await uploaded(stranger, UPLOAD, content, key=robot.key, type=kind))["errcode"] in {45001, 40004}
    assert robot.media == {}
