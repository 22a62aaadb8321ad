"""Deciding in a chat about a phrase that no lexicon has: what it speaks of, or that it speaks of nothing."""

from collections.abc import Callable, Mapping

from bot.handlers.common.results import Invalid
from bot.handlers.common.turn import TurnContext
from bot.handlers.phrases import PhraseDecision, PhraseOutcome, decide_phrase, dimension_name, phrase_dimensions
from bot.handlers.team_findings.speaker import Speaker
from dialogs.improvement.phrase_cards import PhraseStep, PhraseView, dimension_key, phrase_card, phrase_list
from dialogs.messages import Tap
from scoring.values import Value, replace
from storage.model.text_records import PhraseStanding
from storage.unit_of_work.changes import Changes

__all__ = ["PHRASE_PRESSES", "PhrasePress"]


class PhrasePress(Value):
    """A press of a button under a phrase, by somebody who may decide; `views` are what was looked up."""

    turn: TurnContext
    tap: Tap
    speaker: Speaker
    views: tuple[PhraseView, ...]

    @property
    def view(self) -> PhraseView | None:
        """The phrase that was pressed, as it stands now."""
        stored, turn = self.turn.snapshot.phrase(self.tap.subject), self.turn
        seen = next((one for one in self.views if one.phrase == self.tap.subject), None)
        if seen is None or stored is None:
            return None
        is_decided = stored.state is not PhraseStanding.PROPOSED
        dimension = dimension_name(turn.policy, stored.dimension) if stored.dimension else ""
        polarity = stored.polarity if is_decided else seen.polarity
        return replace(seen, decided_by=stored.by if is_decided else "", dimension=dimension, polarity=polarity)

    @property
    def meant(self) -> int | None:
        """How the phrase is meant by the button; None where it does not say."""
        return self.tap.value - 1 if self.tap.value in (0, 1, 2) else None

    def decide(self, state: PhraseStanding, key: str, dimension: str = "") -> Changes:
        """Decide about the phrase and show that; whoever is too late is told who was faster."""
        turn, view = self.turn, self.view
        if view is None:
            return turn.toast("admin_stale", alert=True)
        if view.decided_by and state is not PhraseStanding.PROPOSED:
            return turn.toast("finding_overtaken", alert=True, name=view.decided_by) + self.shown(view)
        polarity = (self.meant or 0) if dimension else 0
        wanted = PhraseDecision(view.phrase, state, self.speaker.by, dimension, polarity, trusts=True)
        decision = decide_phrase(turn.context, wanted)
        if isinstance(decision.answer, Invalid):
            return turn.toast("phrase_refused", alert=True) + self.shown(view)
        if not isinstance(decision.answer, PhraseOutcome):
            return turn.toast("admin_stale", alert=True)
        after = PhrasePress(turn.after(decision.changes), self.tap, self.speaker, self.views)
        return decision.changes + self.shown(after.view or view) + turn.toast(key)

    def shown(self, view: PhraseView, *, meant: int | None = None, in_full: bool = False) -> Changes:
        """Edit the message that was pressed to the card."""
        return self.turn.edit_pressed(phrase_card(view, self.turn.admin_locale, meant=meant, in_full=in_full))


def _list(press: PhrasePress) -> Changes:
    return press.turn.edit_pressed(phrase_list(press.views, press.tap.value, press.turn.admin_locale))


def _open(press: PhrasePress) -> Changes:
    """Show the card in a message of its own, below the list."""
    view = press.view
    if view is None:
        return press.turn.toast("admin_stale", alert=True)
    return press.turn.reply(phrase_card(view, press.turn.admin_locale))


def _turned(press: PhrasePress) -> Changes:
    view = press.view
    if view is None:
        return press.turn.toast("admin_stale", alert=True)
    return press.shown(view, meant=press.meant, in_full=press.tap.step == PhraseStep.MORE)


def _map(press: PhrasePress) -> Changes:
    key = press.tap.step.partition(":")[2]
    known = phrase_dimensions(press.turn.policy)
    dimension = next((one for one in known if dimension_key(one) == key), "")
    if not dimension or press.meant is None:
        return press.turn.toast("admin_stale", alert=True)
    return press.decide(PhraseStanding.MAPPED, "phrase_mapped", dimension)


def _ignore(press: PhrasePress) -> Changes:
    return press.decide(PhraseStanding.IGNORED, "phrase_ignored")


def _undo(press: PhrasePress) -> Changes:
    return press.decide(PhraseStanding.PROPOSED, "phrase_taken_back")


PHRASE_PRESSES: Mapping[str, Callable[[PhrasePress], Changes]] = {
    PhraseStep.LIST: _list,
    PhraseStep.OPEN: _open,
    PhraseStep.MEANT: _turned,
    PhraseStep.MORE: _turned,
    PhraseStep.MAP: _map,
    PhraseStep.IGNORE: _ignore,
    PhraseStep.UNDO: _undo,
}
