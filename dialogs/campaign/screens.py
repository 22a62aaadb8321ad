"""The admin's messages about campaigns: the list, the questions of a new one, its preview, its progress."""

from collections.abc import Iterator, Mapping, Sequence

from dialogs.campaign.model import OVER, Campaign, CampaignKind, CampaignState, Figures
from dialogs.campaign.summary_text import PLACEHOLDERS, CampaignLines, percent
from dialogs.messages import Choice, Prompt, Tap, Verb
from dialogs.phrases import Phrases
from dialogs.sanitize import LONGEST_MESSAGE, clipped, one_line

__all__ = [
    "ASKED",
    "Button",
    "DraftStep",
    "campaign_list",
    "campaign_overview",
    "draft_question",
    "kind_question",
    "reason_text",
]

_LISTED = 8
_LONGEST_LABEL = 28
_A_ROW = 2


class Button:
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


ASKED: Mapping[CampaignKind, tuple[str, ...]] = {
    CampaignKind.REMINDER: (DraftStep.AUDIENCE, DraftStep.WHEN, DraftStep.CONFIRM),
    CampaignKind.SURVEY: (DraftStep.AUDIENCE, DraftStep.SURVEY, DraftStep.WHEN, DraftStep.CONFIRM),
    CampaignKind.NOTICE: (DraftStep.AUDIENCE, DraftStep.TEXT, DraftStep.WHEN, DraftStep.CONFIRM),
}
"""The steps of the conversation for each kind of campaign, in order."""

_TYPED = frozenset({DraftStep.AUDIENCE, DraftStep.TEXT, DraftStep.WHEN})
Rows = tuple[tuple[Choice, ...], ...]


def campaign_list(listed: Sequence[tuple[Campaign, Figures]], phrases: Phrases, locale: str) -> Prompt:
    """Return the list of campaigns, the latest first, each with a button."""
    say = _Speaker(phrases, locale)
    if not listed:
        return Prompt(say("list_empty"), ((_new(say),),))
    rows = tuple((say.choice(_label(each), Button.OPEN, each.id),) for each, _ in listed[:_LISTED])
    lines = (_row(each, figures, say) for each, figures in listed[:_LISTED])
    return Prompt("\n".join((say("list"), *lines)), (*rows, (_new(say),)))


def kind_question(phrases: Phrases, locale: str) -> Prompt:
    """Return the question what kind of campaign to create."""
    say = _Speaker(phrases, locale)
    rows = tuple(
        (say.choice(say(f"kind.{kind}"), Button.KIND, value=place),) for place, kind in enumerate(CampaignKind)
    )
    back = say.choice(phrases.say(locale, "button.back"), Button.LIST)
    return Prompt(say("ask_kind"), (*rows, (back,)))


def draft_question(lines: CampaignLines, step: str, surveys: Sequence[str] = (), wrong: str = "") -> Prompt:
    """Return the next question about a draft, or its preview; `wrong` is what was wrong with the last answer."""
    say = _Speaker(lines.phrases, lines.locale)
    asked = {
        DraftStep.AUDIENCE: _ask_audience,
        DraftStep.TEXT: _ask_text,
        DraftStep.SURVEY: _ask_survey,
        DraftStep.WHEN: _ask_when,
        DraftStep.CONFIRM: _confirm,
    }[step]
    text, rows = asked(lines, say, tuple(surveys))
    told = (*((lines.title(), *lines.what(), "") if step != DraftStep.AUDIENCE else (lines.title(), "")), *text)
    away = (say.of(lines, "back", Button.BACK), say.of(lines, "drop", Button.CANCEL))
    return Prompt(_whole(told, wrong), (*rows, away), asks=say("field") if step in _TYPED else "")


def campaign_overview(lines: CampaignLines, *, sure: bool = False) -> Prompt:
    """Return a started campaign's progress and what can be done with it; `sure` asks before it is cancelled."""
    say, state = _Speaker(lines.phrases, lines.locale), lines.campaign.state
    told = [lines.title(), *lines.what(), lines.when()]
    at = lines.campaign.next_at
    again = bool(lines.campaign.schedule.repeats) and state not in OVER
    told += [lines.say("next", when=lines.moment(at))] if again and at is not None else []
    told += _how_far(lines)
    told += lines.why()
    if sure and state not in OVER:
        told += ["", lines.say("ask_cancel")]
        return Prompt(_whole(told), ((say.of(lines, "yes", Button.REALLY), say.of(lines, "no", Button.OPEN)),))
    rows = (*_levers(lines, say), (say.of(lines, "list", Button.LIST), *_look(lines, say)))
    return Prompt(_whole(told), rows)


def reason_text(key: str, phrases: Phrases, locale: str, **values: object) -> str:
    """Return the phrase `admin.KEY`, which says what is wrong with an answer."""
    return phrases.say(locale, f"admin.{key}", **values)


class _Speaker:
    """Makes texts and buttons of campaigns in one language."""

    def __init__(self, phrases: Phrases, locale: str) -> None:
        self._phrases, self._locale = phrases, locale

    def __call__(self, key: str, **values: object) -> str:
        return self._phrases.say(self._locale, f"admin.campaign.{key}", **values)

    def choice(self, label: str, step: str, campaign: str = "", value: int = 0) -> Choice:
        return Choice(label, Tap(Verb.CAMPAIGN, campaign, step, value))

    def of(self, lines: CampaignLines, key: str, step: str, value: int = 0) -> Choice:
        return self.choice(self(f"button.{key}"), step, lines.campaign.id, value)


Asked = tuple[list[str], Rows]


def _ask_audience(lines: CampaignLines, say: _Speaker, surveys: tuple[str, ...]) -> Asked:
    del surveys
    presets = (
        ("unfinished_7", "unfinished_30") if lines.campaign.kind is CampaignKind.REMINDER else ("days_30", "this_month")
    )
    row = tuple(say.of(lines, name, Button.AUDIENCE, value) for value, name in enumerate(presets))
    return [say("ask_audience")], (row,)


def _ask_text(lines: CampaignLines, say: _Speaker, surveys: tuple[str, ...]) -> Asked:
    del surveys
    holes = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    if not lines.campaign.text:
        return [say("ask_text", holes=holes)], ()
    return [say("text_again", holes=holes)], ((say.of(lines, "next", Button.NEXT),),)


def _ask_survey(lines: CampaignLines, say: _Speaker, surveys: tuple[str, ...]) -> Asked:
    made = [say.choice(clipped(t, _LONGEST_LABEL), Button.SURVEY, lines.campaign.id, n) for n, t in enumerate(surveys)]
    return [say("ask_survey")], tuple(tuple(made[at : at + _A_ROW]) for at in range(0, len(made), _A_ROW))


def _ask_when(lines: CampaignLines, say: _Speaker, surveys: tuple[str, ...]) -> Asked:
    del surveys
    row = (say.of(lines, "now", Button.NOW), say.of(lines, "tomorrow", Button.TOMORROW))
    return [say("ask_when", zone=lines.zone.key)], (row,)


def _confirm(lines: CampaignLines, say: _Speaker, surveys: tuple[str, ...]) -> Asked:
    del surveys
    if lines.counting:
        return [lines.when(), say("counting")], ()
    if lines.figures.audience == sum(lines.figures.skipped.values()) and not lines.campaign.schedule.repeats:
        return [lines.when(), *lines.preview(), "", say("nobody")], ()
    return [lines.when(), *lines.preview(), "", say("ask_start")], ((say.of(lines, "start", Button.START),),)


def _how_far(lines: CampaignLines) -> list[str]:
    """Return the lines of progress, or of the preview before the start; none while nothing has been counted."""
    if lines.campaign.state is CampaignState.SCHEDULED:
        return ["", *lines.preview()] if lines.figures.audience else []
    return ["", *lines.progress()] if lines.figures.audience or lines.campaign.state is CampaignState.RUNNING else []


def _levers(lines: CampaignLines, say: _Speaker) -> Iterator[tuple[Choice, ...]]:
    cancel = say.of(lines, "cancel", Button.CANCEL)
    match lines.campaign.state:
        case CampaignState.RUNNING | CampaignState.SCHEDULED:
            yield (say.of(lines, "pause", Button.PAUSE), cancel)
        case CampaignState.PAUSED:
            yield (say.of(lines, "resume", Button.RESUME), cancel)
        case _:
            pass


def _look(lines: CampaignLines, say: _Speaker) -> tuple[Choice, ...]:
    return () if lines.campaign.state in OVER else (say.of(lines, "refresh", Button.OPEN),)


def _whole(lines: Sequence[str], wrong: str = "") -> str:
    told = "\n".join(lines)
    return clipped(f"⚠️ {wrong}\n\n{told}" if wrong else told, LONGEST_MESSAGE)


def _row(campaign: Campaign, figures: Figures, say: _Speaker) -> str:
    moving = campaign.state in (CampaignState.RUNNING, CampaignState.PAUSED)
    how_far = f" · {percent(figures)} %" if moving else ""
    return f"· {one_line(campaign.name, 60)} — {say(f'state.{campaign.state}')}{how_far}"


def _label(campaign: Campaign) -> str:
    return one_line(campaign.name, _LONGEST_LABEL) or campaign.id


def _new(say: _Speaker) -> Choice:
    return say.choice(say("button.new"), Button.NEW)
