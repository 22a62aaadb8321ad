"""Who stands in `alerts.escalate_to` and is known to nobody, so that no message would call them."""

from collections.abc import Collection, Iterator

from config.errors import ConfigError
from config.settings.settings import Settings

__all__ = ["unknown_in_escalation"]


def unknown_in_escalation(settings: Settings, known: Collection[str]) -> Iterator[ConfigError]:
    """Yield a warning for each name that nobody bears; `known` are the names on the roster.

    Numbers may be Telegram user ids or mobile numbers, and in WeCom, where one is set, Latin letters a user id.
    """
    is_wecom = settings.wecom.robot_url is not None
    for name in settings.alerts.escalate_to:
        if name in known or name.isdecimal() or (is_wecom and name.isascii()):
            continue
        problem = f"Nobody on the roster is called {name!r}, so nobody is called when an issue is late."
        fix = f"Add them, `huifang user add {name} --role lead`, or correct the name."
        yield ConfigError(settings.where("alerts.escalate_to"), "alerts.escalate_to", problem, fix)
