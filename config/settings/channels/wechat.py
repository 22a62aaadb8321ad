"""Settings of the WeChat service account."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from config.errors import ConfigError
from config.settings import setting_types
from config.settings.group import AllSettings, Group, is_loopback, mistake, setting

__all__ = ["WechatSettings"]

_CLOUD = "https://api.weixin.qq.com"
"""WeChat's own API server; another one, such as a test's, may call any address."""
_CREDENTIALS = ("app_secret", "token", "aes_key")
_TEMPLATES = ("template", "subscribe_template")
_CONSOLE = "Copy it from the account's console, 设置与开发 → 基本配置."
_ADDRESSES = {("http", 80), ("https", 443)}  # developers.weixin.qq.com, access guide
_PORTS = {"http": 80, "https": 443}


class WechatSettings(Group):
    """The WeChat service account, in secure mode."""

    app_id: setting_types.OneLine | None = setting(None, "AppID of the service account; without it WeChat is off")
    app_secret: setting_types.AnySecret | None = setting(None, "AppSecret")
    token: setting_types.AnySecret | None = setting(None, "Token of the server configuration")
    aes_key: setting_types.AesKey | None = setting(None, "EncodingAESKey, 43 characters")
    api_base: setting_types.Url = setting(_CLOUD, "API server")
    menu: setting_types.MenuMode = setting("auto", "`auto` tries clickable menus and falls back; `text` never tries")
    template_id: setting_types.OneLine | None = setting(
        None, "template of the invitation while the 48 h window is shut"
    )
    template_fields: setting_types.InvitationFields = setting(
        {},
        'its fields as JSON, such as `{"thing1": "{subject}", "time3": "{closed_at}"}`, '
        "with `{subject} {ticket} {closed_at} {agent} {team}`",
    )
    subscribe_template_id: setting_types.OneLine | None = setting(
        None, "template of the closure message by one-time grant"
    )
    subscribe_template_fields: setting_types.ClosureFields = setting({}, "its fields; also with `{note} {resolved_at}`")

    def conflicts(self, settings: AllSettings) -> Iterator[ConfigError]:
        """Yield what keeps WeChat from working."""
        if self.app_id is None:
            return
        for name in _CREDENTIALS:
            if getattr(self, name) is None:
                problem = "It is missing, and wechat.app_id switches WeChat on."
                yield mistake(settings, f"wechat.{name}", problem, _CONSOLE, "wechat.app_id")
        for name in _TEMPLATES:
            if getattr(self, f"{name}_id") is not None and not getattr(self, f"{name}_fields"):
                problem = f"It is missing, and WeChat refuses wechat.{name}_id without its fields."
                fix = 'Write the template\'s fields as JSON, such as {"thing1": "{subject}"}.'
                yield mistake(settings, f"wechat.{name}_fields", problem, fix, f"wechat.{name}_id")

    def advice(self, settings: AllSettings) -> Iterator[ConfigError]:
        """Yield a warning for each setting that works but should be changed."""
        others = [name for name in _CREDENTIALS if getattr(self, name) is not None]
        if self.app_id is None and others:
            problem = "It is missing, so WeChat stays off whatever else is set for it."
            yield mistake(settings, "wechat.app_id", problem, _CONSOLE, *(f"wechat.{name}" for name in others))
        for name in _TEMPLATES:
            if getattr(self, f"{name}_fields") and getattr(self, f"{name}_id") is None:
                problem = f"It is missing, so nothing is sent with wechat.{name}_fields."
                fix = "Copy the template's id."
                yield mistake(settings, f"wechat.{name}_id", problem, fix, f"wechat.{name}_fields")
        if self.app_id is not None and not self._is_reachable(settings.public_url):
            problem = f"WeChat cannot reach {settings.public_url}."
            fix = "Write the address by which the world reaches this machine: https on port 443, or http on port 80."
            yield mistake(settings, "http.public_url", problem, fix, "wechat.app_id")

    def _is_reachable(self, address: str) -> bool:
        """Return whether whoever has a link can open it; WeChat's own server calls a few ports only."""
        if self.api_base == _CLOUD:
            return _is_public(address)
        return not is_loopback(urlsplit(address).hostname or "")


def _is_public(address: str) -> bool:
    parts = urlsplit(address)
    is_usual = (parts.scheme, parts.port or _PORTS[parts.scheme]) in _ADDRESSES
    return is_usual and not _is_private(parts.hostname or "")


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
