"""Replies that are one sentence, always the same: each is named by its phrase."""

from enum import StrEnum

__all__ = ["FixedReply"]


class FixedReply(StrEnum):
    """A sentence to whoever spoke; the value is the key of its phrase (`config/defaults/phrases/`)."""

    STOP_KEPT = "notice.stop_kept"
    RESUMED = "notice.resumed"
    HELP = "notice.help"
    BOUND = "notice.bound"
    LINK_USED = "notice.link_used"
    LINK_EXPIRED = "notice.link_expired"
    LINK_UNKNOWN = "notice.link_unknown"
    UNKNOWN_CHAT = "notice.unknown_chat"
    NOTHING_OPEN = "notice.nothing_open"
    PASSED_ON = "notice.passed_on"
    SORRY = "hint.sorry"
    SOMEBODY_COMES = "notice.person"
    WELCOME = "notice.welcome"
    ALL_RIGHT = "notice.all_right"
    LEFT_ALONE = "notice.left_alone"
    LANGUAGE_CHOSEN = "language.chosen"
    FINISH_FIRST = "feedback.finish_first"
    ANSWER_TAKEN = "talk.taken"
    NOTHING_DELETED = "rights.kept"
    FORGOTTEN = "rights.forgotten"
