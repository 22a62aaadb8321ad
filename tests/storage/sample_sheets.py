"""A filled sheet and an entered figure of which every field is filled."""

from datetime import datetime, timedelta

from dialogs.forms.filled_sheet import FilledItem, FilledSection, FilledSheet, FilledText
from dialogs.forms.model import RaterRole, SubjectKind
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.model.filled_forms import FilledForm

__all__ = ["full_assessment", "full_entered_figure"]


def full_assessment(now: datetime) -> FilledForm:
    """Return a sheet that Mei has filled on paper about the agent who was with her."""
    name = {"zh-Hans": "态度", "en": "Attitude"}
    return FilledForm(
        "asm_1",
        "four_sides",
        1,
        SubjectKind.AGENT,
        "a17",
        "2026-11",
        now,
        now + timedelta(days=30),
        RaterRole.CUSTOMER,
        "老王",
        "李工",
        now,
        FilledSheet(
            {"zh-Hans": "评分卡"},
            (FilledSection("attitude", name, "25", "45/2", 1, 1),),
            (
                FilledItem("manner", "attitude", name, "9/2"),
                FilledItem("patience", "attitude", name, is_not_applicable=True),
            ),
            "90",
            {"zh-Hans": "优秀"},
            "甲",
            "乙",
            "丙",
        ),
        (FilledText("remarks", {"zh-Hans": "评语"}, "来得很慢"),),
        (("manner", "https://example.com/1"),),
        "90",
        "c-mei",
        "paper",
        "17",
    )


def full_entered_figure(now: datetime) -> EnteredFigure:
    """Return a figure that somebody has entered, with where it comes from and what is concluded."""
    return EnteredFigure(
        "ent_1",
        EnteredKind.FIGURE,
        "return_rate",
        "2026-11",
        now,
        now + timedelta(days=30),
        (("team", "north"),),
        "李工",
        now,
        "3",
        "120",
        "ERP",
        "2026-12-01",
        "多半是运输损坏",
        "换包装",
    )
