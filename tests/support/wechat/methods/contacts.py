"""Getting to know people: parametric QR codes, and what the platform tells of a follower."""

from typing import Any

from tests.support.wechat.account import Account
from tests.support.wechat.errors import broken
from tests.support.wechat.reading import Asked, shaped

__all__ = ["qrcode_create", "user_info"]

Json = dict[str, Any]
LONGEST = 2_592_000
SHORTEST_BY_DEFAULT = 60
LONGEST_SCENE = 64
BODY = {"expire_seconds": int, "action_name": str, "action_info": dict}


def qrcode_create(account: Account, asked: Asked) -> Json:
    """POST qrcode/create: a temporary code (60 s unless told, 30 days at most) or a permanent one."""
    body = shaped(asked.json(), "body", BODY, required=["action_name", "action_info"])
    scene = _scene(body["action_name"], body["action_info"])
    if body["action_name"].startswith("QR_LIMIT"):
        code = account.code(scene)
        return {"ticket": code.ticket, "url": code.url}
    seconds = body.get("expire_seconds", SHORTEST_BY_DEFAULT)
    if not 1 <= seconds <= LONGEST:
        raise broken(40035, "body.expire_seconds")
    code = account.code(scene, account.clock() + seconds)
    return {"ticket": code.ticket, "expire_seconds": seconds, "url": code.url}


def user_info(account: Account, asked: Asked) -> Json:
    """GET user/info: names and pictures are not told any more; a unionid only by a linked account."""
    customer = account.customer(asked.query.get("openid", ""))
    if not customer.follows:
        return {"subscribe": 0, "openid": customer.openid}
    told = {
        "subscribe": 1,
        "openid": customer.openid,
        "language": customer.language,
        "subscribe_time": customer.followed_at,
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE" if customer.scene else "ADD_SCENE_SEARCH",
        "qr_scene": 0,
        "qr_scene_str": customer.scene,
    }
    return told | ({"unionid": customer.unionid} if account.linked else {})


def _scene(action: str, info: object) -> str:
    scene = shaped(info, "action_info", {"scene": dict}, required=["scene"])["scene"]
    fields = shaped(scene, "scene", {"scene_str": str, "scene_id": int})
    if action in {"QR_STR_SCENE", "QR_LIMIT_STR_SCENE"}:
        text = str(fields.get("scene_str", ""))
        if 1 <= len(text) <= LONGEST_SCENE:
            return text
        raise broken(40035, "scene.scene_str")
    if action in {"QR_SCENE", "QR_LIMIT_SCENE"} and fields.get("scene_id", 0) > 0:
        return str(fields["scene_id"])
    raise broken(40035, "body.action_name")
