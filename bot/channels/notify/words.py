"""What goes to a target, as plain text; pure."""

from dialogs.messages import Prompt
from dialogs.sanitize import clipped
from scoring.values import Value

__all__ = ["Words", "words_of"]

_LONGEST_TITLE = 120
_HARMLESS = str.maketrans({"<": "＜", ">": "＞"})
"""What mentions everybody in Slack is written `<!channel>`, and Apprise lets that through."""


class Words(Value):
    """A title, mail's subject, and what stands below it; `is_urgent` colours it where there are colours."""

    title: str
    body: str
    is_urgent: bool = False


def words_of(prompt: Prompt) -> Words:
    """Return a message in words, with every address that it leads to."""
    first, _, rest = prompt.text.translate(_HARMLESS).partition("\n")
    details = prompt.glance.details if prompt.glance else ()
    links = [f"{detail.name} {detail.url}" for detail in details if detail.url]
    if prompt.link and not links:
        links = [f"{prompt.link.label} {prompt.link.url}"]
    urgent = prompt.glance is not None and prompt.glance.is_urgent
    return Words(clipped(first, _LONGEST_TITLE), "\n".join((rest or first, *links)), urgent)
