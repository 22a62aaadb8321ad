"""What the process remembers across restarts, by key."""

from dialogs.messages import Address

__all__ = ["MOVED", "moved_key"]

MOVED = "moved:"


def moved_key(place: Address) -> str:
    """Name the note that remembers where a group went when it was upgraded."""
    return f"{MOVED}{place.channel}:{place.chat}"
