"""The keys of notes, by which the process remembers small things across restarts.

A channel keeps notes of its own under keys that begin with its name, such as `wechat.token`.
"""

from urllib.parse import quote

from dialogs.messages import Address

__all__ = [
    "CHANNELS_SERVED",
    "COMMENTS_READ",
    "COMMENTS_WAITING",
    "KNOWN_TIME",
    "LAST_BACKUP",
    "LAST_DIGEST",
    "LAST_RETENTION",
    "LINKS_KEY",
    "LOW_ITEMS_FOUND",
    "PHRASES_MINED",
    "RECURRING",
    "RESTORED",
    "ROLLUP_ZONE",
    "SURVEYS_PAUSED",
    "TYPED_WORDS",
    "WRITE_PROBE",
    "alarm_key",
    "campaign_chat_key",
    "chart_key",
    "clock_key",
    "code_key",
    "finding_draft_key",
    "is_typing_key",
    "migrated_from",
    "migration_key",
    "report_schedule_key",
    "retries_key",
    "typing_key",
    "watch_key",
]

CHANNELS_SERVED = "channels.served"
"""The names of the channels on which this database has served customers, with commas; no sandbox stands in there."""

LINKS_KEY = "links.key"
"""The secret that signs links to pages."""

ROLLUP_ZONE = "rollups.zone"
"""The time zone by whose days ratings are summed up; empty while the sums are made anew."""

SURVEYS_PAUSED = "surveys.paused"
"""Who has paused all surveys, and since when; empty while none are."""

KNOWN_TIME = "clock"
"""What was known of the time at the last heartbeat: JSON, and the note's own moment."""

LAST_DIGEST = "digest.last"
"""When the team was last sent its digest, or from when on its times count: the note's own moment."""

LAST_BACKUP = "backup.last"
"""When the nightly backup was last made, or from when on its times count: the note's own moment."""

RESTORED = "restored"
"""That the database was restored from a backup, and what is in doubt since: `storage.backups.restore_mark`."""

LAST_RETENTION = "retention.last"
"""When old data was last deleted: the note's own moment."""

LOW_ITEMS_FOUND = "low_items.found"
"""The month, as 2026-11, of which the low items were made findings last."""

COMMENTS_READ = "comments.read"
"""The number of the lexicon by which comments were read last, and when: the note's own moment."""

COMMENTS_WAITING = "comments.waiting"
"""How many responses wait to be read by the encoder, and since when they are so many: the note's own moment."""

PHRASES_MINED = "phrases.mined"
"""When phrases were last looked for: the note's own moment."""

WRITE_PROBE = "ready"
"""The minute in which a test whether the database takes writes last succeeded."""

_ALARM = "alarm:"
_MIGRATION = "moved:"
_RETRIES = "inbox.retries:"
_CAMPAIGN_CHAT = "campaign.chat:"
_TYPING = "campaign.typing:"
_FINDING_DRAFT = "finding.draft:"
_WATCH = "watch:"
TYPED_WORDS = (_FINDING_DRAFT,)
"""How the keys begin of notes that hold what people type: JSON, with the `finding` it is about.

Erasure and retention empty these. All others hold numbers, ids, names of the team, or what is told of many.
"""
RECURRING = "recurring"
"""The key under which the types of problems stand that recur and that the team was told of."""
_CLOCK = "clock:"
_REPORT_SCHEDULE = "report.schedule:"


def alarm_key(name: str) -> str:
    """Return the key under which it stands whether the team was told of an alarm, or that it is over, and when."""
    return f"{_ALARM}{name}"


def migration_key(place: Address) -> str:
    """Return the key under which it stands where a group chat went when the platform gave it another id."""
    return f"{_MIGRATION}{place.channel}:{place.chat}"


def migrated_from(key: str) -> Address | None:
    """Return the chat of a `migration_key`, None for any other key."""
    if not key.startswith(_MIGRATION):
        return None
    channel, _, chat = key.removeprefix(_MIGRATION).partition(":")
    return Address(channel, chat)


def retries_key(delivery: str) -> str:
    """Return the key under which it stands how often a failed delivery was tried again, and when it was last."""
    return f"{_RETRIES}{delivery}"


def campaign_chat_key(campaign: str) -> str:
    """Return the key under which it stands in which chat, and in which message, an admin follows a campaign."""
    return f"{_CAMPAIGN_CHAT}{campaign}"


def typing_key(channel: str, chat: str) -> str:
    """Return the key under which the id stands of the campaign whose question an admin is answering in a chat."""
    return f"{_TYPING}{channel}:{chat}"


def is_typing_key(key: str) -> bool:
    """Return whether a key is a `typing_key`."""
    return key.startswith(_TYPING)


def finding_draft_key(place: Address, person: str) -> str:
    """Return the key under which a measure stands, or a message to customers, that somebody writes in a chat."""
    return f"{_FINDING_DRAFT}{place.channel}:{place.chat}:{person}"


def clock_key(source: str, ticket: str, clock: str) -> str:
    """Return the key under which it stands whether the team was warned of a ticket's clock, or told that it is late."""
    return f"{_CLOCK}{clock}:{quote(source, safe='')}:{quote(ticket, safe='')}"


def report_schedule_key(schedule: str) -> str:
    """Return the key under which it stands from when on a schedule's times count, and whether it is paused."""
    return f"{_REPORT_SCHEDULE}{quote(schedule, safe='')}"


def watch_key(bucket: str) -> str:
    """Return the key under which it stands how far the charts by `week` or `day` go, and when that was looked at."""
    return f"{_WATCH}{bucket}"


def code_key(about: str, name: str) -> str:
    """Return the key of the note that says on which day a code was followed last, and how often on that day."""
    return f"code:{about}:{quote(name, safe='')}"


def chart_key(bucket: str, team: str, dimension: str) -> str:
    """Return the key of the chart of a team and a dimension, by such buckets."""
    return f"{watch_key(bucket)}:{quote(team, safe='')}:{quote(dimension, safe='')}"
