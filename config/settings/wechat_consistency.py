"""Settings of WeChat and WeCom that must agree with each other, and those that work but should be changed."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from config.errors import ConfigError
from config.settings.settings import Settings

__all__ = ["WECHAT_CLOUD", "wechat_advice", "wechat_conflicts"]

WECHAT_CLOUD = "https://api.weixin.qq.com"
"""WeChat's own API server; another one, such as a test's, may call any address."""

_PROOFS = ("app_secret", "token", "aes_key")
_TEMPLATES = ("template", "subscribe_template")
_CONSOLE = "Copy it from the account's console, 设置与开发 → 基本配置."
_ROBOT = "qyapi.weixin.qq.com"
_DOORS = {("http", 80), ("https", 443)}  # developers.weixin.qq.com, access guide
_PORTS = {"http": 80, "https": 443}


def wechat_conflicts(settings: Settings) -> Iterator[ConfigError]:
    """Yield what keeps WeChat from working."""
    wechat = settings.wechat
    if wechat.app_id is None:
        return
    for name in _PROOFS:
        if getattr(wechat, name) is None:
            problem = "It is missing, and wechat.app_id switches WeChat on."
            yield _at(settings, f"wechat.{name}", problem, _CONSOLE, "wechat.app_id")
    for name in _TEMPLATES:
        if getattr(wechat, f"{name}_id") is not None and not getattr(wechat, f"{name}_fields"):
            problem = f"It is missing, and WeChat refuses wechat.{name}_id without its fields."
            fix = 'Write the template\'s fields as JSON, such as {"thing1": "{subject}"}.'
            yield _at(settings, f"wechat.{name}_fields", problem, fix, f"wechat.{name}_id")


def wechat_advice(settings: Settings) -> Iterator[ConfigError]:
    """Yield a warning for each setting of WeChat and WeCom that works but should be changed."""
    yield from _off(settings)
    yield from _unused(settings)
    yield from _address(settings)
    yield from _robot(settings)


def _off(settings: Settings) -> Iterator[ConfigError]:
    others = [name for name in _PROOFS if getattr(settings.wechat, name) is not None]
    if settings.wechat.app_id is None and others:
        problem = "It is missing, so WeChat stays off whatever else is set for it."
        yield _at(settings, "wechat.app_id", problem, _CONSOLE, *(f"wechat.{name}" for name in others))


def _unused(settings: Settings) -> Iterator[ConfigError]:
    for name in _TEMPLATES:
        if getattr(settings.wechat, f"{name}_fields") and getattr(settings.wechat, f"{name}_id") is None:
            problem = f"It is missing, so nothing is sent with wechat.{name}_fields."
            yield _at(settings, f"wechat.{name}_id", problem, "Copy the template's id.", f"wechat.{name}_fields")


def _address(settings: Settings) -> Iterator[ConfigError]:
    wechat, address = settings.wechat, settings.http.public_url
    if wechat.app_id is None or wechat.api_base != WECHAT_CLOUD:
        return
    parts = urlsplit(address)
    door = (parts.scheme, parts.port or _PORTS[parts.scheme])
    if _is_private(parts.hostname or "") or door not in _DOORS:
        problem = f"WeChat cannot reach {address}."
        fix = "Write the address by which the world reaches this machine: https on port 443, or http on port 80."
        yield _at(settings, "http.public_url", problem, fix, "wechat.app_id")


def _robot(settings: Settings) -> Iterator[ConfigError]:
    wecom = settings.wecom
    if wecom.robot_url is None:
        if wecom.on_call:
            problem = "It is missing, so nobody of wecom.on_call is called."
            yield _at(settings, "wecom.robot_url", problem, "Copy the address of the group's robot.", "wecom.on_call")
        return
    parts = urlsplit(wecom.robot_url.get_secret_value())
    if parts.hostname == _ROBOT and not parse_qs(parts.query).get("key"):
        problem = "It has no `key=`, so WeCom does not know which robot is meant."
        yield _at(settings, "wecom.robot_url", problem, "Copy the whole address of the group's robot.")


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _at(settings: Settings, key: str, problem: str, fix: str, *others: str) -> ConfigError:
    return ConfigError(settings.where(key, *others), key, problem, fix)
