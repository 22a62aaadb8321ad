"""A campaign's progress: a bar on a terminal, a line every ten seconds elsewhere."""

import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.process.system import SystemClock

__all__ = ["follow_campaign", "progress_bar"]

_WIDTH = 30
_LOOKS_EVERY = 1.0
_LINE_EVERY = 10
"""Looks between two lines where there is no terminal."""


def follow_campaign(look: Callable[[], Mapping[str, Any]]) -> None:
    """Show a campaign's progress until it is over, halted, or waits for its next time; ctrl-c leaves it going."""
    is_terminal = sys.stdout.isatty()
    looks = 0
    while True:
        campaign = look()
        goes_on = campaign["status"] == "running" or _is_about_to(campaign)
        told = _told(campaign["progress"])
        if is_terminal:
            print(f"\r{_bar(campaign['progress'])} {told}", end="", flush=True)
        elif looks % _LINE_EVERY == 0 or not goes_on:
            print(told, flush=True)
        if not goes_on:
            break
        looks += 1
        time.sleep(_LOOKS_EVERY)
    if is_terminal:
        print()
    print(f"{campaign['status']}{': ' + campaign['why'] if campaign['why'] else ''}")


def _is_about_to(campaign: Mapping[str, Any]) -> bool:
    """Return whether a scheduled campaign is due and the service has not started it yet."""
    is_next = campaign["status"] == "scheduled" and campaign["next_at"]
    return bool(is_next) and datetime.fromisoformat(campaign["next_at"]) <= SystemClock().now()


def _told(progress: Mapping[str, Any]) -> str:
    skipped = sum(progress["skipped"].values())
    return f"{progress['sent']} of {progress['audience']} sent, {progress['failed']} failed, {skipped} skipped"


def _bar(progress: Mapping[str, Any]) -> str:
    audience = progress["audience"]
    return progress_bar(audience - progress["waiting"], audience)


def progress_bar(done: int, of: int) -> str:
    """Return a bar that shows how many of so many are done; an empty one where it is not known of how many."""
    filled = _WIDTH * min(done, of) // of if of else 0
    return f"[{'#' * filled}{'.' * (_WIDTH - filled)}]"
