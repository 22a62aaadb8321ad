"""The end of a survey leads to the hotline and to common questions; what was solved is a library of cases."""

from pathlib import Path

import pytest

from config.locale.phrases import load_phrases
from scoring.values import replace
from tests.rows.quality.test_audit import solved
from tests.rows.test_shipped_surveys import asked, shown
from tests.support.web.service import Service

HELP = "热线 400-800-1234；常见问题：https://help.example.com/faq"


@pytest.mark.row("S4-18")
def test_the_end_leads_to_the_hotline_and_to_common_questions_where_the_owner_has_any(tmp_path: Path) -> None:
    (tmp_path / "phrases").mkdir()
    (tmp_path / "phrases" / "zh-Hans.toml").write_text(f'[done]\ncontact = "{HELP}"\n', "utf-8")
    company = asked()
    company.stage.adopt(replace(company.stage.policy, phrases=load_phrases(tmp_path)))
    for words in ("5", "5", "5", "5", "5", "跳过"):
        company.says(words)
    assert shown(company).endswith(HELP)


@pytest.mark.row("S4-18")
async def test_solved_cases_are_a_library_by_problem_cause_and_measure_without_the_person(service: Service) -> None:
    for number in range(3):
        await solved(service, number)
    answer = await service.api.get("/api/v1/reports/cases", params={"period": "2026-11"})
    cases = answer.json()["cases"]
    assert [(one["problem"], one["cause"], one["measure"]) for one in cases] == [("漏水", "密封圈老化", "换密封圈")] * 3
    assert "王美丽" not in answer.text
