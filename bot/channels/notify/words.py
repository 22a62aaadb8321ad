"""A message as plain text for an Apprise target; pure."""

from dialogs.messages import Prompt
from dialogs.sanitize import clipped
from scoring.values import Value

__all__ = ["NotifyText", "notify_text"]

_LONGEST_TITLE = 120
_HARMLESS = str.maketrans({"<": "＜", ">": "＞"})
"""`<!channel>` mentions everybody in Slack, and Apprise passes it on."""


class NotifyText(Value):
    """A title (the subject of a mail) and the text below it; `is_urgent` gives it a colour where there are colours."""

    title: str
    body: str
    is_urgent: bool = False


def notify_text(prompt: Prompt) -> NotifyText:
    """Return a message as text, with every address that it leads to."""
    first, _, rest = prompt.text.translate(_HARMLESS).partition("\n")
    details = prompt.card_summary.details if prompt.card_summary else ()
    links = [f"{detail.name} {detail.url}" for detail in details if detail.url]
    if prompt.link and not links:
        links = [f"{prompt.link.label} {prompt.link.url}"]
    urgent = prompt.card_summary is not None and prompt.card_summary.is_urgent
    return NotifyText(clipped(first, _LONGEST_TITLE), "\n".join((rest or first, *links)), urgent)
