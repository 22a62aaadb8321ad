"""Team messages for chats without buttons: they carry a signed link to the issue's page, and the card at a glance."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.handlers.common.context import Scene
from bot.signed_links import Purpose
from dialogs.issue.model import Issue
from dialogs.messages import Address, Glance, Link, Prompt
from scoring.values import replace

__all__ = ["LINK_LASTS", "edited", "led", "page_of"]

LINK_LASTS = timedelta(days=14)
"""How long a card leads to its issue; whatever is sent later about the issue carries a fresh link."""


def page_of(scene: Scene, issue: Issue) -> str:
    """Give the address of the issue's page."""
    return scene.policy.links.url(Purpose.TEAM, issue.id, scene.now + LINK_LASTS)


def edited(scene: Scene) -> Sequence[Address]:
    """Give the team chats in which a card changes in place; elsewhere news would only bury the group."""
    return [place for place in scene.policy.team if _has_buttons(scene, place)]


def led(scene: Scene, issue: Issue, place: Address, prompt: Prompt, glance: Callable[[], Glance]) -> Prompt:
    """Give a message about an issue as it goes to this chat: with its buttons, or leading to the page."""
    if _has_buttons(scene, place):
        return prompt
    label = scene.policy.phrases.say(scene.policy.locale, "robot.open")
    return replace(prompt, link=Link(label, page_of(scene, issue)), glance=glance())


def _has_buttons(scene: Scene, place: Address) -> bool:
    return place.channel in scene.policy.edits
