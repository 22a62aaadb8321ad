"""A filled sheet, an entered figure, a published period, and what is kept of words, with every field filled."""

from datetime import datetime, timedelta

from dialogs.forms.filled_sheet import FilledItem, FilledSection, FilledSheet, FilledText
from dialogs.forms.model import RaterRole, SubjectKind
from scoring.metrics.fact_changes import ChangeKind, FactChange, FactTally
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.model.filled_forms import Adjustment, AssessmentFile, FilledForm
from storage.model.publications import Publication, content_digest, publication_id
from storage.model.text_records import CommentReading, PhraseStanding, StoredPhrase

__all__ = ["file_of_sheet", "full_assessment", "full_entered_figure", "full_publication", "full_words"]


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
        (("manner", "https://example.com/1"), ("manner", "file_asm_1")),
        "90",
        "c-mei",
        "paper",
        "17",
        "90",
    )


def file_of_sheet(now: datetime, hash_: str, size: int, sheet: str = "asm_1") -> AssessmentFile:
    """Return the photo of a paper that Mei has uploaded for a sheet, and that goes unless it is sent."""
    week = now + timedelta(days=7)
    kind = ("回访单.png", "image/png", size)
    return AssessmentFile(f"file_{sheet}", sheet, "manner", hash_, *kind, "老王", now, week, customer="c-mei")


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


def full_publication(now: datetime) -> Publication:
    """Return the second revision of a month's figures."""
    content = '[{"figures": []}]'
    ratings = ((("north", "after_service", "care", "1-5", "4", ""), 7),)
    keys, asks, issues = ("team", "survey", "question"), ((("completed", ""), 7),), ((("5f",), 1),)
    return Publication(
        publication_id("figures", "2026-10", 2),
        "figures",
        "2026-10",
        2,
        now - timedelta(days=60),
        now - timedelta(days=30),
        "Asia/Shanghai",
        ("team",),
        ("csat",),
        "zh-Hans",
        "王经理",
        now,
        content,
        content_digest(content),
        FactTally(keys, ratings, asks, issues, ((("True",), 7),), (("asm_1", 1),), (("ent_1", 1),)),
        "7d",
        "figures 1",
        "2026-01-01",
        "三位客户答得晚",
        (FactChange(ChangeKind.EXCLUDED, 3, "malicious"),),
    )


def full_words(now: datetime) -> tuple[Adjustment, CommentReading, StoredPhrase]:
    """Return what was added to a result, what was read in Mei's words, and a phrase that was mapped."""
    found = (("", "等太久", "response_speed", -1), ("attitude", "耐心", "attitude", 1))
    phrase = StoredPhrase("来回跑", PhraseStanding.MAPPED, 7, now, "convenience", -1, "li")
    added = Adjustment("adj_1", "four_sides", SubjectKind.AGENT, "a17", "2026-11", now, "5", "表彰", "王经理", now)
    verdicts = (("", -1, ("response_speed",)), ("attitude", 1, ("attitude",)))
    return added, CommentReading("int_42", now, 3, 12345, found, -1, verdicts, 678, ((9, (-12, 34)),)), phrase
