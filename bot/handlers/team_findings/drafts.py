"""What somebody of the team is writing in a chat about a finding: kept in a note, so that a restart loses nothing."""

import msgspec

from bot.handlers.common.turn import TurnContext
from dialogs.improvement.draft_cards import choice_in
from dialogs.improvement.plan_draft import PlanDraft
from scoring.values import replace
from storage.model.note_keys import finding_draft_key
from storage.model.records import Note
from storage.unit_of_work.changes import Changes

__all__ = ["draft_here", "drafted", "fresh_number", "undrafted"]


def draft_here(turn: TurnContext, finding: str, value: int | None = None) -> PlanDraft | None:
    """Return what the speaker is writing about a finding here; None for nothing, or a button of an older wording."""
    note = _note(turn)
    draft = msgspec.json.decode(note.value, type=PlanDraft) if note is not None and note.value else None
    if draft is None or draft.finding != finding:
        return None
    return draft if value is None or choice_in(value)[0] == draft.number else None


def fresh_number(turn: TurnContext) -> int:
    """Return the number of the next wording: no button in the chat has it yet."""
    note = _note(turn)
    return note.version + 1 if note is not None else 1


def drafted(turn: TurnContext, draft: PlanDraft) -> Changes:
    """Keep what the speaker is writing, instead of what they wrote before."""
    return _kept(turn, msgspec.json.encode(draft).decode())


def undrafted(turn: TurnContext) -> Changes:
    """Keep nothing any more."""
    note = _note(turn)
    return _kept(turn, "") if note is not None and note.value else Changes()


def _note(turn: TurnContext) -> Note | None:
    return turn.snapshot.note(finding_draft_key(turn.place, turn.inbound.sender.id))


def _kept(turn: TurnContext, value: str) -> Changes:
    before = _note(turn)
    key = finding_draft_key(turn.place, turn.inbound.sender.id)
    now = turn.context.now
    return Changes((replace(before, value=value, at=now) if before is not None else Note(key, value, now),))
