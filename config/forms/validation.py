"""Checks across a form: weights and points, raters and their mixes, key figures, who signed."""

from collections.abc import Iterator

from config.forms.schema import FormFile, FormItemPart
from config.surveys.shared_checks import (
    SurveyMistake,
    grade_mistakes,
    label_mistakes,
    locale_mistakes,
    repeated_ids,
    scale_mistake,
    sum_mistakes,
)
from dialogs.forms.model import SubjectKind
from scoring.forms.sheet import FULL

__all__ = ["form_mistakes"]


def form_mistakes(file: FormFile) -> Iterator[SurveyMistake]:
    """Yield what does not fit together in a form's file."""
    yield from locale_mistakes(file.texts())
    yield from repeated_ids("sections", "section", (section.id for section in file.sections))
    yield from repeated_ids("sections", "item", (item.id for section in file.sections for item in section.items))
    yield from repeated_ids("head", "field", (part.id for part in (*file.head, *file.foot)))
    yield from _scale(file)
    yield from _sections(file)
    yield from grade_mistakes(file.grades)
    yield from _raters(file)
    yield from _customers(file)
    yield from _signatures(file)


def _scale(file: FormFile) -> Iterator[SurveyMistake]:
    if (wrong := scale_mistake(file.scale)) is not None:
        yield wrong
        return
    yield from label_mistakes(file.scale, {"scale.labels": file.scale.labels})
    points = range(file.scale.lowest, file.scale.highest + 1)
    if file.earns and sorted(file.earns) != [*points]:
        yield "earns", "It does not say what each point of the scale earns.", f"Write {points[0]} to {points[-1]}."
    yield from (
        (f"earns.{point}", "It is not from 0 to 100.", "Write a percentage.")
        for point, share in file.earns.items()
        if not 0 <= share <= FULL
    )


def _sections(file: FormFile) -> Iterator[SurveyMistake]:
    for section in file.sections:
        key = f"sections[{section.id}]"
        pointless = [item.id for item in section.items if item.points is None]
        if section.weight is None and pointless:
            fix = "Write a weight, or points for each item."
            yield f"{key}.weight", f"This is missing, and there are no points for {', '.join(pointless)}.", fix
            return
        if 0 < len(pointless) < len(section.items):
            fix = "Give points to every item of a section, or to none."
            yield key, f"Some items have points and others are rated on the scale: {', '.join(pointless)}.", fix
        for item in section.items:
            for name, problem, fix in _item(item):
                yield f"{key}.items[{item.id}].{name}", problem, fix
    what = "points" if all(section.weight is None for section in file.sections) else "weights"
    yield from sum_mistakes("sections", what, (section.share for section in file.sections))


def _item(item: FormItemPart) -> Iterator[SurveyMistake]:
    if item.points is not None and item.points <= 0:
        yield "points", "They are not above 0.", "Write how many points it is worth."
    if item.target is None:
        lone = [name for name in ("direction", "cap", "unit") if name in item.model_fields_set]
        yield from ((name, "There is no target.", "Write a target, or remove this.") for name in lone)
        return
    if item.points is None:
        yield "points", "A figure with a target needs points.", "Write how many points its target is worth."
    if item.target < 0 or (item.target == 0 and item.direction == "at_least"):
        yield "target", "Nothing can be a share of it.", 'Write a target above 0, or `direction = "at_most"`.'
    if item.cap is not None and item.cap <= 0:
        yield "cap", "It is not above 0.", "Write a percentage, such as 110."


def _raters(file: FormFile) -> Iterator[SurveyMistake]:
    for place, mix in enumerate(file.mixes, 1):
        yield from sum_mistakes(f"mixes[#{place}]", "weights", mix.values())
        strangers = [role for role in mix if role not in file.raters]
        if strangers:
            yield f"mixes[#{place}]", f"{', '.join(strangers)} does not rate here.", "Add the role to `raters`."
    if len(file.raters) > 1 and not file.mixes:
        fix = "Write [[mixes]], such as superior = 60 and peer = 40."
        yield "mixes", "There are several raters, and nothing says how their results are joined.", fix
    if len(set(file.raters)) < len(file.raters):
        yield "raters", "A role stands here twice.", "Write each role once."


def _customers(file: FormFile) -> Iterator[SurveyMistake]:
    if file.customers is None:
        return
    if not 0 < file.customers.share < FULL:
        fix = "Write a percentage above 0 and below 100, such as 30."
        yield "customers.share", f"{float(file.customers.share):g} leaves nothing to one of the two.", fix
    if file.subject == SubjectKind.DEPARTMENT:
        fix = "Remove it, or write the form about an agent, a team or a station."
        yield "customers", "Customers rate no department: tickets name none.", fix


def _signatures(file: FormFile) -> Iterator[SurveyMistake]:
    if file.approved_by is not None and file.approved_by in (file.prepared_by, file.checked_by):
        problem = f"{file.approved_by} approves what they prepared or checked themselves."
        yield "approved_by", problem, "Let somebody else approve it."
