"""Telling the customers who raised a finding what was changed: a preview first, in other words if somebody wants."""

from bot.handlers.common.turn import TurnContext
from bot.handlers.improvement.commands import FindingOutcome
from bot.handlers.improvement.notices import tell_customers
from bot.handlers.team_findings.drafts import draft_here, drafted, fresh_number, undrafted
from bot.handlers.team_findings.press import FindingPress, about_finding
from dialogs.improvement.draft_cards import ask_for, tell_card
from dialogs.improvement.finding_view import FindingStep
from dialogs.improvement.plan_draft import PlanDraft
from dialogs.messages import Prompt
from scoring.values import replace
from storage.unit_of_work.changes import Changes

__all__ = ["ask_told_words", "preview_told", "send_told", "typed_words"]

Words = tuple[tuple[str, str], ...]
_COLONS = ":\uff1a"


def preview_told(press: FindingPress) -> Changes:
    """Show what the customers will read, by the measure's own words."""
    measure = press.finding.measure
    text = measure.text if measure is not None else ""
    draft = PlanDraft(press.finding.id, fresh_number(press.turn), text, version=press.finding.version)
    return drafted(press.turn, draft) + press.shown(_preview(press, draft))


def ask_told_words(press: FindingPress) -> Changes:
    """Ask for other words, by a forced reply."""
    turn = press.turn
    if draft_here(turn, press.finding.id, press.tap.value) is None:
        return turn.toast("finding_not_yours", alert=True)
    asked = turn.answer(ask_for(FindingStep.TELL, turn.inbound.sender, press.view, turn.admin_locale), "words")
    return Changes((about_finding(asked, press.finding),)) + turn.toast("finding_write_told")


def typed_words(press: FindingPress, words: str) -> Changes:
    """Take typed words for what was changed, and show below what the customers will read."""
    turn, draft = press.turn, draft_here(press.turn, press.finding.id)
    if draft is None or draft.offer is not None:
        return turn.reply(Prompt(turn.say("finding_not_asked"), replies_to=turn.inbound.message))
    worded = replace(draft, text=words, number=fresh_number(turn))
    shown = turn.answer(_preview(press, worded), "told")
    return drafted(turn, worded) + Changes((about_finding(shown, press.finding),))


def send_told(press: FindingPress) -> Changes:
    """Send the customers what the preview shows."""
    turn, draft = press.turn, draft_here(press.turn, press.finding.id, press.tap.value)
    if draft is None or not draft.text:
        return turn.toast("finding_not_yours", alert=True)
    words = _by_language(turn, draft.text)
    told = tell_customers(turn.context, press.finding.id, press.speaker.by, words, trusts=True)
    done = undrafted(turn) if isinstance(told.answer, FindingOutcome) else Changes()
    return press.told(told, "finding_told") + done


def _preview(press: FindingPress, draft: PlanDraft) -> Prompt:
    is_quoted = any(voice.said for voice in press.turn.snapshot.voices(press.finding.id))
    words = _by_language(press.turn, draft.text)
    return tell_card(press.view, draft, words, press.turn.admin_locale, is_quoted=is_quoted)


def _by_language(turn: TurnContext, text: str) -> Words:
    """Return words by language: lines that begin with a language and a colon, else the whole in that of the chat."""
    lines = [_parted(line) for line in text.splitlines() if line.strip()]
    found = {head: words for head, words in lines if head in turn.phrases.texts and words}
    return tuple(found.items()) if found and len(found) == len(lines) else ((turn.locale, text),)


def _parted(line: str) -> tuple[str, str]:
    """Return what stands before the first colon of a line, Chinese or not, and what stands behind it."""
    begins = min((place for colon in _COLONS if (place := line.find(colon)) >= 0), default=len(line))
    return line[:begins].strip(), line[begins + 1 :].strip()
