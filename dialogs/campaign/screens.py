"""The admin's messages about campaigns: the list, the questions of a new one, its preview, its progress."""

from collections.abc import Iterator, Mapping, Sequence

from dialogs.campaign.model import OVER, Campaign, CampaignKind, CampaignState, Figures
from dialogs.campaign.summary_text import PLACEHOLDERS, CampaignLines, percent
from dialogs.messages import Choice, Prompt, Tap, Verb
from dialogs.phrases import Phrases
from dialogs.sanitize import LONGEST_MESSAGE, clipped, one_line

__all__ = [
    "DRAFT_STEPS",
    "CampaignButton",
    "DraftStep",
    "campaign_list",
    "campaign_overview",
    "draft_question",
    "kind_question",
    "reason_text",
]

_LISTED = 8
_LONGEST_LABEL = 28
_PER_ROW = 2


class CampaignButton:
    """The buttons, as the step of a tap names them."""

    LIST = "list"
    NEW = "new"
    OPEN = "open"
    KIND = "kind"
    AUDIENCE = "aud"
    SURVEY = "survey"
    NEXT = "next"
    NOW = "now"
    TOMORROW = "tomorrow"
    START = "start"
    BACK = "back"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    REALLY = "really"


class DraftStep:
    """The steps of the guided conversation."""

    AUDIENCE = "audience"
    TEXT = "text"
    SURVEY = "survey"
    WHEN = "when"
    CONFIRM = "confirm"
    DROP = "drop"
    """The confirmation before a running campaign is cancelled."""
    FOLLOW = "follow"


DRAFT_STEPS: Mapping[CampaignKind, tuple[str, ...]] = {
    CampaignKind.REMINDER: (DraftStep.AUDIENCE, DraftStep.WHEN, DraftStep.CONFIRM),
    CampaignKind.SURVEY: (DraftStep.AUDIENCE, DraftStep.SURVEY, DraftStep.WHEN, DraftStep.CONFIRM),
    CampaignKind.NOTICE: (DraftStep.AUDIENCE, DraftStep.TEXT, DraftStep.WHEN, DraftStep.CONFIRM),
}
"""The steps of the conversation for each kind of campaign, in order."""

_TYPED = frozenset({DraftStep.AUDIENCE, DraftStep.TEXT, DraftStep.WHEN})
Rows = tuple[tuple[Choice, ...], ...]


def campaign_list(listed: Sequence[tuple[Campaign, Figures]], phrases: Phrases, locale: str) -> Prompt:
    """Return the list of campaigns, the latest first, each with a button."""
    say = _Composer(phrases, locale)
    if not listed:
        return Prompt(say("list_empty"), ((_new(say),),))
    rows = tuple((say.choice(_label(each), CampaignButton.OPEN, each.id),) for each, _ in listed[:_LISTED])
    lines = (_row(each, figures, say) for each, figures in listed[:_LISTED])
    return Prompt("\n".join((say("list"), *lines)), (*rows, (_new(say),)))


def kind_question(phrases: Phrases, locale: str) -> Prompt:
    """Return the question what kind of campaign to create."""
    say = _Composer(phrases, locale)
    rows = tuple(
        (say.choice(say(f"kind.{kind}"), CampaignButton.KIND, value=place),) for place, kind in enumerate(CampaignKind)
    )
    back = say.choice(phrases.say(locale, "button.back"), CampaignButton.LIST)
    return Prompt(say("ask_kind"), (*rows, (back,)))


def draft_question(lines: CampaignLines, step: str, surveys: Sequence[str] = (), wrong: str = "") -> Prompt:
    """Return the next question about a draft, or its preview; `wrong` is what was wrong with the last answer."""
    say = _Composer(lines.phrases, lines.locale)
    ask = {
        DraftStep.AUDIENCE: _ask_audience,
        DraftStep.TEXT: _ask_text,
        DraftStep.SURVEY: _ask_survey,
        DraftStep.WHEN: _ask_when,
        DraftStep.CONFIRM: _confirm,
    }[step]
    question, rows = ask(lines, say, tuple(surveys))
    head = (lines.title(), *lines.what(), "") if step != DraftStep.AUDIENCE else (lines.title(), "")
    navigation = (say.of(lines, "back", CampaignButton.BACK), say.of(lines, "drop", CampaignButton.CANCEL))
    return Prompt(
        _message_text((*head, *question), wrong), (*rows, navigation), asks=say("field") if step in _TYPED else ""
    )


def campaign_overview(lines: CampaignLines, *, confirming: bool = False) -> Prompt:
    """Return a started campaign's progress and what can be done with it; `confirming` asks before it is cancelled."""
    say, state = _Composer(lines.phrases, lines.locale), lines.campaign.state
    text = [lines.title(), *lines.what(), lines.when()]
    at = lines.campaign.next_at
    again = bool(lines.campaign.schedule.repeats) and state not in OVER
    text += [lines.say("next", when=lines.moment(at))] if again and at is not None else []
    text += _progress(lines)
    text += lines.why()
    if confirming and state not in OVER:
        text += ["", lines.say("ask_cancel")]
        return Prompt(
            _message_text(text),
            ((say.of(lines, "yes", CampaignButton.REALLY), say.of(lines, "no", CampaignButton.OPEN)),),
        )
    rows = (*_actions(lines, say), (say.of(lines, "list", CampaignButton.LIST), *_refresh(lines, say)))
    return Prompt(_message_text(text), rows)


def reason_text(key: str, phrases: Phrases, locale: str, **values: object) -> str:
    """Return the phrase `admin.KEY`, which says what is wrong with an answer."""
    return phrases.say(locale, f"admin.{key}", **values)


class _Composer:
    """Makes texts and buttons of campaigns in one language."""

    def __init__(self, phrases: Phrases, locale: str) -> None:
        self._phrases, self._locale = phrases, locale

    def __call__(self, key: str, **values: object) -> str:
        return self._phrases.say(self._locale, f"admin.campaign.{key}", **values)

    def choice(self, label: str, step: str, campaign: str = "", value: int = 0) -> Choice:
        return Choice(label, Tap(Verb.CAMPAIGN, campaign, step, value))

    def of(self, lines: CampaignLines, key: str, step: str, value: int = 0) -> Choice:
        return self.choice(self(f"button.{key}"), step, lines.campaign.id, value)


_Question = tuple[list[str], Rows]


def _ask_audience(lines: CampaignLines, say: _Composer, surveys: tuple[str, ...]) -> _Question:
    del surveys
    presets = (
        ("unfinished_7", "unfinished_30") if lines.campaign.kind is CampaignKind.REMINDER else ("days_30", "this_month")
    )
    row = tuple(say.of(lines, name, CampaignButton.AUDIENCE, value) for value, name in enumerate(presets))
    return [say("ask_audience")], (row,)


def _ask_text(lines: CampaignLines, say: _Composer, surveys: tuple[str, ...]) -> _Question:
    del surveys
    names = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    if not lines.campaign.text:
        return [say("ask_text", holes=names)], ()
    return [say("text_again", holes=names)], ((say.of(lines, "next", CampaignButton.NEXT),),)


def _ask_survey(lines: CampaignLines, say: _Composer, surveys: tuple[str, ...]) -> _Question:
    buttons = [
        say.choice(clipped(t, _LONGEST_LABEL), CampaignButton.SURVEY, lines.campaign.id, n)
        for n, t in enumerate(surveys)
    ]
    return [say("ask_survey")], tuple(tuple(buttons[at : at + _PER_ROW]) for at in range(0, len(buttons), _PER_ROW))


def _ask_when(lines: CampaignLines, say: _Composer, surveys: tuple[str, ...]) -> _Question:
    del surveys
    row = (say.of(lines, "now", CampaignButton.NOW), say.of(lines, "tomorrow", CampaignButton.TOMORROW))
    return [say("ask_when", zone=lines.zone.key)], (row,)


def _confirm(lines: CampaignLines, say: _Composer, surveys: tuple[str, ...]) -> _Question:
    del surveys
    if lines.counting:
        return [lines.when(), say("counting")], ()
    if lines.figures.audience == sum(lines.figures.skipped.values()) and not lines.campaign.schedule.repeats:
        return [lines.when(), *lines.preview(), "", say("nobody")], ()
    return [lines.when(), *lines.preview(), "", say("ask_start")], ((say.of(lines, "start", CampaignButton.START),),)


def _progress(lines: CampaignLines) -> list[str]:
    """Return the lines of progress, or of the preview before the start; none while nothing has been counted."""
    if lines.campaign.state is CampaignState.SCHEDULED:
        return ["", *lines.preview()] if lines.figures.audience else []
    return ["", *lines.progress()] if lines.figures.audience or lines.campaign.state is CampaignState.RUNNING else []


def _actions(lines: CampaignLines, say: _Composer) -> Iterator[tuple[Choice, ...]]:
    cancel = say.of(lines, "cancel", CampaignButton.CANCEL)
    match lines.campaign.state:
        case CampaignState.RUNNING | CampaignState.SCHEDULED:
            yield (say.of(lines, "pause", CampaignButton.PAUSE), cancel)
        case CampaignState.PAUSED:
            yield (say.of(lines, "resume", CampaignButton.RESUME), cancel)
        case _:
            pass


def _refresh(lines: CampaignLines, say: _Composer) -> tuple[Choice, ...]:
    return () if lines.campaign.state in OVER else (say.of(lines, "refresh", CampaignButton.OPEN),)


def _message_text(lines: Sequence[str], wrong: str = "") -> str:
    text = "\n".join(lines)
    return clipped(f"⚠️ {wrong}\n\n{text}" if wrong else text, LONGEST_MESSAGE)


def _row(campaign: Campaign, figures: Figures, say: _Composer) -> str:
    is_under_way = campaign.state in (CampaignState.RUNNING, CampaignState.PAUSED)
    progress = f" · {percent(figures)} %" if is_under_way else ""
    return f"· {one_line(campaign.name, 60)} — {say(f'state.{campaign.state}')}{progress}"


def _label(campaign: Campaign) -> str:
    return one_line(campaign.name, _LONGEST_LABEL) or campaign.id


def _new(say: _Composer) -> Choice:
    return say.choice(say("button.new"), CampaignButton.NEW)
