"""The few figures with which a report begins where there is no room for its tables: at most six, over everything."""

from collections.abc import Iterable, Sequence

from dialogs.admin.figure_text import metric_name, value_text
from dialogs.reports.document import Headline, Tone
from dialogs.reports.figure_parts import ReportWords, cut_label, is_its_own_n
from scoring.honesty.comparison import Change, ChangeVerdict
from scoring.metrics.catalogue import CATALOGUE
from scoring.metrics.figure import Figure, SampleSize

__all__ = ["headlines_of"]

_MOST = 6
_FIRST = ("csat", "mean", "complaints", "response_rate", "time_to_first_reply", "time_to_done", "complaints_resolved")
"""What is told first, where a report has it; the others follow in the report's own order."""
_MARKED = (ChangeVerdict.HIGHER, ChangeVerdict.LOWER, ChangeVerdict.NOT_CLEAR)


def headlines_of(figures: Iterable[Figure], words: ReportWords, *, has_bars: bool) -> tuple[Headline, ...]:
    """Return the figures over everything that have a value; without any the first ones of a cut, unless bars do."""
    known = [one for one in figures if one.value is not None]
    chosen = [one for one in known if not one.cut] or ([] if has_bars else known)
    return tuple(_headline(one, words) for one in sorted(_different(chosen), key=_place)[:_MOST])


def _different(figures: Sequence[Figure]) -> list[Figure]:
    return list({(one.metric, *one.cut.items()): one for one in figures}.values())


def _place(figure: Figure) -> int:
    return _FIRST.index(figure.metric) if figure.metric in _FIRST else len(_FIRST)


def _headline(one: Figure, words: ReportWords) -> Headline:
    name = metric_name(one.metric, words.phrases, words.locale)
    about = (name, cut_label(one, words)) if one.cut else (name,)
    value = value_text(one.value, one.metric, words.phrases, words.locale) if one.value is not None else ""
    change = one.change if one.change is not None and one.change.before is not None else None
    return Headline(
        name=words.say("between").join(about),
        value=value,
        n="" if is_its_own_n(one) else words.say("only_n", n=words.phrases.number(words.locale, one.n)),
        change=_change(one, change, words) if change is not None else "",
        tone=_tone(one, change) if change is not None else Tone.NONE,
        note=words.phrases.say(words.locale, "figure.small") if one.state is SampleSize.SMALL else "",
    )


def _change(one: Figure, change: Change, words: ReportWords) -> str:
    mark = words.say(f"mark.{change.verdict}") if change.verdict in _MARKED else ""
    before = value_text(change.before, one.metric, words.phrases, words.locale) if change.before is not None else ""
    return words.say("picture.before", mark=mark, value=before).strip()


def _tone(one: Figure, change: Change) -> Tone:
    """Return whether a change that is more than chance is a good one."""
    if change.verdict not in (ChangeVerdict.HIGHER, ChangeVerdict.LOWER):
        return Tone.NONE
    is_good = (change.verdict is ChangeVerdict.LOWER) == CATALOGUE[one.metric].lower_is_better
    return Tone.BETTER if is_good else Tone.WORSE
