"""`huifang assess`: a form filled question by question, and what its sheets come to."""

import io
import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import Type
from tests.storage.sample_evidence import JPEG, PDF

SHEET = ("performance_60_40", "--subject", "a17", "--period", "2026-10")


def typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Let these lines be typed."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_the_forms_are_listed(types: Type) -> None:
    said = types("assess")
    assert "performance_60_40  售后服务工作绩效测评表  (agent; superior, self)" in said.out.splitlines()
    assert (said.code, said.err) == (0, "")


@pytest.mark.row("S0-04", "S1-19")
def test_a_sheet_is_filled_in_the_terminal_and_told_with_its_result(
    types: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, "superior", "王经理", "安装工", *"443544345", "9", "4", "4", "3", "不错", "")
    said = types("assess", *SHEET)
    assert (said.code, said.err) == (0, "")
    legend = "1 未能达到要求 · 2 基本达到要求 · 3 全部达到要求 · 4 很好地达到要求 · 5 超过工作要求"
    assert legend in said.out.splitlines()
    assert "  9 is not on the scale 1-5\n" in said.out
    assert "  业务工作: 46.5 of 60\n  售后服务要求: 32 of 40\n  total 78.5 of 100: 良好\n" in said.out
    told = types("assess", *SHEET, "--results").out
    assert "  superior: 78.5 by 1, weight 100 %\n" in told
    assert told.endswith("  total 78.5 of 100: 良好 = superior 78.5 × 100 %\n")


def test_what_is_left_open_leaves_no_total(types: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "安装工", *"44354434", "", "4", "4", "3", "", "")
    said = types("assess", *SHEET, "--role", "superior", "--rater", "王经理")
    assert "  售后服务要求: 3 of 4 answered\n  no total: 11 of 12 answered\n" in said.out
    assert "incomplete sheets, which count for nothing: 1" in types("assess", *SHEET, "--results").out


def test_an_input_that_ends_early_stores_nothing(types: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "安装工", "4", "4")
    said = types("assess", *SHEET, "--role", "superior", "--rater", "王经理")
    assert (said.code, said.err) == (1, "huifang: the input ended before the sheet was full; nothing was stored\n")
    assert "missing: nobody has rated as superior" in types("assess", *SHEET, "--results").out


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("performance",), "there is no form 'performance'."),
        (("department", "--results"), "name the subject and the period: --subject ID --period 2026-Q4"),
        (("department", "--results", "--subject", "x", "--period", "now"), "'now' is no period"),
    ],
)
def test_a_problem_is_one_line(types: Type, arguments: tuple[str, ...], problem: str) -> None:
    said = types("assess", *arguments)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"huifang: {problem}")


def test_a_refused_sheet_says_its_field(types: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "安装工", *"444444444444", "", "")
    said = types("assess", *SHEET, "--role", "superior", "--rater", "a17")
    assert (said.code, said.err) == (1, "huifang: rater: is a17, who cannot be their own superior\n")


def test_points_targets_and_limits_say_what_can_be_typed(types: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(
        monkeypatch,
        "108",
        "28345",
        "88",
        "-1",
        "5",
        "80",
        "6",
        "5",
        "5",
        "ten",
        "10",
        "5",
        "15",
        "下季度盯投诉",
    )
    asked = ("quarter_kpi", "--subject", "a17", "--period", "2026-Q3", "--rater", "王经理")
    said = types("assess", *asked)
    assert (said.code, said.err) == (0, "")
    assert "1/10 配件回款达成率  (≥ 90 %)\n" in said.out
    assert "4/10 客户投诉  (≤ 2 次)\n" in said.out
    assert "  -1 is below 0; write what was measured\n" in said.out
    assert "6/10 工作态度  (0-5)\n" in said.out
    assert "  6 is not between 0 and 5\n" in said.out
    assert "  'ten' is not a number. Write a number such as 2 or 3.5.\n" in said.out
    assert said.out.endswith("  指标: 92 of 100\n  total 92 of 100: 优秀\n")


def test_clauses_may_not_apply_and_want_evidence(types: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "售后部", "3", "https://example.com/promises", *["na"] * 8, "只查了一条")
    said = types("assess", "gbt_27922_part", "--subject", "sales", "--period", "2026-Q3", "--rater", "审核员")
    assert (said.code, said.err) == (0, "")
    assert "1/9 5.1.7.2 服务承诺一致并告知顾客  (0-6; na)\n" in said.out
    assert "evidence (address or file): https://example.com/promises\n" in said.out
    assert said.out.endswith("  条款: 50 of 100\n  total 50 of 100: 未达标\n")


def test_peers_are_told_together_and_to_the_rated_person_from_three_on(
    types: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = ("appraisal_360", "--subject", "a17", "--period", "2026-Q3")
    typing(monkeypatch, *"555555")
    assert types("assess", *about, "--role", "superior", "--rater", "王经理").out.endswith("  total 100 of 100: 优\n")
    for number in range(3):
        typing(monkeypatch, *"444444")
        said = types("assess", *about, "--role", "peer", "--rater", f"同事{number}")
        assert "what peers and subordinates gave is told together, from three of them on" in said.out
        assert "total" not in said.out
        seen = types("assess", *about, "--results", "--view", "rated").out
        if number < 2:
            assert "withheld: it would tell what single raters gave\n  total none\n" in seen
            assert "peer" not in seen
        else:
            assert "  peer: 80 by 3, weight 40 %\n" in seen
            assert seen.endswith("  total 92 of 100: 优 = superior 100 × 60 % + peer 80 × 40 %\n")


def test_a_customers_paper_is_entered_with_its_source(types: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    about = ("four_sides", "--subject", "a17", "--period", "2026-10", "--role", "customer", "--by", "前台小周")
    typing(monkeypatch, "17", *["4"] * 11)
    assert types("assess", *about).err.startswith("huifang: source: must say how the answers came: web, sms, phone")
    for number in ("17", "18"):
        typing(monkeypatch, number, *["4"] * 11)
        said = types("assess", *about, "--source", "paper")
        assert "number on the paper: " in said.out
        assert (said.code, said.err) == (0, "")
        assert said.out.endswith("  total 80 of 100: 良好\n")
    typing(monkeypatch, *["4"] * 11)
    assert types("assess", *about, "--source", "paper", "--sheet-no", "19").code == 0
    assert "  customer: 80 by 3, weight" in types("assess", *about[:5], "--results").out


def test_a_correction_gives_its_reason(types: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    by_him = (*SHEET, "--role", "superior", "--rater", "王经理")
    typing(monkeypatch, "安装工", *"444444444444", "", "")
    assert types("assess", *by_him).code == 0
    typing(monkeypatch, "安装工", *"555555555555", "", "")
    told = "huifang: This rater has filled another sheet about that already; give a reason to correct it.\n"
    assert types("assess", *by_him).err == told
    typing(monkeypatch, "安装工", *"555555555555", "", "")
    assert types("assess", *by_him, "--reason", "抄错了").out.endswith("  total 100 of 100: 优秀\n")
    assert types("assess", *SHEET, "--results").out.count("by 1") == 1


def test_questions_are_asked_in_the_language_that_is_wanted(types: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, *"44444", "")
    said = types("assess", "department", "--subject", "x", "--period", "2026-10", "--rater", "Lin", "--locale", "en")
    assert said.out.startswith("Head of a department, monthly\n1 Very poor · 2 Poor · 3 Fair · 4 Good · 5 Very good\n")
    assert "5/5 Training done  (1-5)\n" in said.out


def test_a_rater_is_sent_their_own_page(types: Type) -> None:
    said = types("assess", *SHEET, "--link", "--role", "superior", "--rater", "王经理", "--name", "李工")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("http://127.0.0.1:8480/f/")
    assert "王经理" not in said.out
    refused = types("assess", *SHEET, "--link", "--role", "superior", "--rater", "a17")
    assert (refused.code, refused.err) == (1, "huifang: rater: is a17, who cannot be their own superior\n")
    who = types("assess", *SHEET, "--link", "--role", "superior")
    assert who.err == "huifang: name who rates whom: --subject ID --period 2026-Q4 --role peer --rater NAME\n"


def test_the_score_of_somebody_has_the_results_of_their_sheets(types: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "安装工", *"444444444444", "", "")
    types("assess", *SHEET, "--role", "superior", "--rater", "王经理")
    said = types("score", "agent:a17", "--period", "2026-10")
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith(
        "  售后服务工作绩效测评表 · a17 · 2026-10\n"
        "    superior: 80 by 1, weight 100 %\n"
        "    total 80 of 100: 优秀 = superior 80 × 100 %\n"
    )
    nobody = types("score", "department:nobody", "--period", "2026-10")
    assert (nobody.code, "of whom there is nothing in the period" in nobody.err) == (1, True)


def test_points_for_merits_are_a_line_beside_the_sheets(types: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "安装工", *"444444444444", "", "")
    types("assess", *SHEET, "--role", "superior", "--rater", "王经理")
    said = types("assess", *SHEET, "--adjust", "5", "--reason", "三次记功", "--by", "王经理")
    assert (said.code, said.out) == (0, "a17 · 2026-10 · +5: 三次记功 (王经理)\n")
    told = types("assess", *SHEET, "--results").out
    assert "  +5: 三次记功 (王经理)\n  total 85 of 100: 优秀 = superior 80 × 100 % + 5\n" in told
    out = types("assess", *SHEET, "--adjust", "out", "--reason", "试用期", "--by", "王经理")
    assert out.out == "a17 · 2026-10 · left out: 试用期 (王经理)\n"
    assert types("assess", *SHEET, "--results").out.endswith("  left out: 试用期 (王经理)\n  total none\n")
    unsaid = types("assess", *SHEET, "--adjust=-3", "--by", "王经理")
    assert unsaid.err == "huifang: name all of it: --subject ID --period 2026-Q4 --reason WHY --by NAME\n"


@pytest.mark.row("S0-05")
def test_what_is_to_be_improved_is_followed_by_the_command_that_is_told(
    types: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, "superior", "王经理", "安装工", *"444444444444", "不错", "先报价再动手")
    told = types("assess", *SHEET).out.splitlines()[-1]
    assert told.startswith("  to follow improve as a finding: huifang finding from-sheet asm_")
    command = told.partition("huifang ")[2].replace("NAME", "王经理").split()
    said = types(*command)
    assert (said.code, said.err) == (0, "")
    assert said.out.rstrip().endswith("open  assessment  a17  a17 2026-10 改进方向：先报价再动手")
    assert types("finding", "list").out == said.out


EVIDENCE = ("gbt_27922_part", "--subject", "本部", "--period", "2026-10", "--role", "auditor", "--rater", "老周")


@pytest.mark.row("S0-10")
def test_a_file_is_evidence_and_comes_back(types: Type, monkeypatch: pytest.MonkeyPatch, desk: Path) -> None:
    (desk / "现场 照片.jpg").write_bytes(JPEG)
    (desk / "notes.txt").write_text("听说的")
    wrong = "notes.txt"
    typing(monkeypatch, "售后部", "4", wrong, "现场 照片.jpg", *"-" * 20)
    said = types("assess", *EVIDENCE)
    assert (said.code, said.err) == (0, "")
    refused = "notes.txt is none of PDF, JPEG, PNG, HEIC, DOCX, XLSX, or has macros; save it as one of them\n"
    assert refused in said.out
    assert f"  现场 照片.jpg: {len(JPEG)} bytes\n" in said.out
    sheet = stored_sheet(desk)
    listed = types("assess", "--files", sheet, "-o", "out")
    assert (listed.code, listed.err) == (0, "")
    assert f"  c_5_1_7_2  现场 照片.jpg  {len(JPEG)} bytes\n" in listed.out
    assert (desk / "out" / "01 现场 照片.jpg").read_bytes() == JPEG
    again = types("assess", "--files", sheet, "-o", "out")
    assert (again.code, again.err) == (1, "huifang: out/01 现场 照片.jpg is there already; name another folder\n")


def test_files_and_addresses_stand_on_one_line(types: Type, monkeypatch: pytest.MonkeyPatch, desk: Path) -> None:
    (desk / "a.pdf").write_bytes(PDF)
    typing(monkeypatch, "售后部", "4", "https://example.com/1 a.pdf", *"-" * 20)
    assert types("assess", *EVIDENCE).code == 0
    (told,) = read(desk, "SELECT evidence FROM assessments")
    assert [one[1][:5] for one in json.loads(told[0])] == ["https", "file_"]


def test_an_export_has_the_files_beside_their_list(types: Type, monkeypatch: pytest.MonkeyPatch, desk: Path) -> None:
    (desk / "a.pdf").write_bytes(PDF)
    typing(monkeypatch, "售后部", "4", "a.pdf", *"-" * 20)
    types("assess", *EVIDENCE)
    assert types("export", "out", "assessment_files", "--format", "jsonl").code == 0
    (row,) = [json.loads(line) for line in (desk / "out" / "assessment_files.jsonl").read_text().splitlines()]
    assert (desk / "out" / row["file"]).read_bytes() == PDF
    assert sha256(PDF).hexdigest() == row["sha256"]
    assert types("export", "anonymised", "assessment_files", "--format", "jsonl", "--anonymised").code == 0
    assert not (desk / "anonymised" / "assessment_files").exists()
    assert "a.pdf" not in (desk / "anonymised" / "assessment_files.jsonl").read_text()


def test_a_sheet_without_files_and_one_that_is_not_there_say_so(types: Type) -> None:
    said = types("assess", "--files", "asm_none")
    assert (said.code, said.err) == (1, "huifang: there is no sheet asm_none\n")


def read(desk: Path, statement: str) -> list[tuple[str, ...]]:
    """Return what the database holds."""
    with closing(sqlite3.connect(desk / "var" / "huifang.db")) as connection:
        return connection.execute(statement).fetchall()


def stored_sheet(desk: Path) -> str:
    """Return the id of the only sheet."""
    ((sheet,),) = read(desk, "SELECT id FROM assessments")
    return str(sheet)
