"""Sheets over the API: stored with their exact result, joined by who has rated, and refused with field and reason."""

from typing import Any

import httpx
import pytest

from config.forms.load import read_forms
from tests.support.rights import fulfil
from tests.support.web.house import House
from tests.support.web.tickets import TICKET

URL = "/api/v1/assessments"
WORK = ("orders", "arrangements", "estimates", "measures", "effects", "relations", "contact", "knowledge")
CARE = ("on_site_time", "brand", "repair_form", "rules")
ITEMS = (*WORK, *CARE)


def sheet(form: str = "performance_60_40", **changed: Any) -> dict[str, Any]:  # noqa: ANN401 (any JSON)
    """Return a body that is right for the performance sheet."""
    values = dict.fromkeys((item.id for item in read_forms()[form].items), 4)
    whole = {"form": form, "subject": "a17", "period": "2026-10", "role": "superior", "rater": "王经理", "by": "王经理"}
    words = {"words": {"position": "安装工"}} if form == "performance_60_40" else {}
    return whole | {"values": values} | words | changed


async def stored(api: httpx.AsyncClient, **body: Any) -> dict[str, Any]:  # noqa: ANN401 (any JSON)
    """Store a sheet, and return it."""
    answer = await api.post(URL, json=body)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def result(api: httpx.AsyncClient, **wanted: str) -> dict[str, Any]:
    """Return the result of the 360° form about a17 in the third quarter, or of what is wanted."""
    answer = await api.get(
        f"{URL}/results", params={"form": "appraisal_360", "subject": "a17", "period": "2026-Q3"} | wanted
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_sheet_is_stored_with_its_sections_total_and_grade(api: httpx.AsyncClient) -> None:
    ratings = dict(zip(ITEMS, (4, 4, 3, 5, 4, 4, 3, 4, 5, 4, 4, 3), strict=True))
    told = await stored(api, **sheet(values=ratings, evidence={"orders": ["https://example.com/orders"]}))
    assert [(one["section"], one["score"]) for one in told["sections"]] == [("work", 46.5), ("service", 32.0)]
    assert (told["total"], told["grade"], told["words"]) == (78.5, "良好", {"position": "安装工"})
    assert told["items"][0] == {
        "item": "orders",
        "name": "完成订货",
        "value": 4.0,
        "not_applicable": False,
        "evidence": ["https://example.com/orders"],
    }
    assert (await api.get(URL, params={"subject": "a17"})).json() == {"items": [told], "next": None}
    assert (await api.get(URL, params={"subject": "a18"})).json()["items"] == []


@pytest.mark.parametrize(
    ("ratings", "total", "grade"),
    [((5,) * 12, 100.0, "优秀"), ((1,) * 12, 20.0, "不合格"), ((4,) * 12, 80.0, "优秀"), ((3,) * 12, 60.0, "良好")],
)
async def test_the_same_rating_everywhere(
    api: httpx.AsyncClient, ratings: tuple[int, ...], total: float, grade: str
) -> None:
    told = await stored(api, **sheet(values=dict(zip(ITEMS, ratings, strict=True))))
    assert (told["total"], told["grade"]) == (total, grade)


async def test_an_open_item_leaves_no_grade_and_says_how_many_were_answered(api: httpx.AsyncClient) -> None:
    told = await stored(api, **sheet(values=dict.fromkeys(WORK, 5)))
    assert (told["total"], told["grade"]) == (None, None)
    assert [(one["answered"], one["asked"]) for one in told["sections"]] == [(8, 8), (0, 4)]
    found = await result(api, form="performance_60_40", period="2026-10")
    assert (found["total"], found["incomplete"], found["missing"]) == (None, 1, ["superior"])


async def rates(api: httpx.AsyncClient, role: str, rater: str, total: float) -> None:
    """Let somebody fill the 360° form so that it comes to this total: ratings of 1 to 5 give steps of 20."""
    form = "appraisal_360"
    low, steps = divmod(total, 20)
    values = dict.fromkeys((item.id for item in read_forms()[form].items), low)
    assert steps == 0
    await stored(api, **sheet(form, role=role, rater=rater, period="2026-Q3", values=values))


async def test_roles_are_joined_by_who_has_rated_and_refused_without_a_superior(api: httpx.AsyncClient) -> None:
    await rates(api, "peer", "小张", 80)
    assert (await result(api))["total"] is None
    assert (await result(api))["missing"] == ["superior"]
    await rates(api, "superior", "王经理", 100)
    assert ((await result(api))["total"], (await result(api))["withheld"]) == (None, True)
    await rates(api, "peer", "小王", 80)
    assert ((await result(api))["total"], (await result(api))["too_few"]) == (None, ["peer"])
    await rates(api, "peer", "小孙", 80)
    found = await result(api)
    assert (found["total"], found["grade"], found["formula"]) == (92.0, "优", "superior 100 × 60 % + peer 80 × 40 %")
    await rates(api, "subordinate", "小李", 60)
    await rates(api, "subordinate", "小周", 60)
    await rates(api, "subordinate", "小吴", 60)
    assert (await result(api))["total"] == 82.0
    assert not (await result(api))["provisional"]


async def test_peers_are_never_told_one_by_one_and_to_the_rated_person_from_three_on(api: httpx.AsyncClient) -> None:
    await rates(api, "superior", "王经理", 100)
    for number, rater in enumerate(("小张", "小李", "小赵")):
        seen = await result(api, view="rated")
        assert ([role["role"] for role in seen["roles"]], seen["withheld"]) == (["superior"], number > 0)
        assert (seen["total"] is None) is (number > 0)
        await rates(api, "peer", rater, 80)
    seen = await result(api, view="rated")
    assert (seen["total"], seen["withheld"], seen["roles"][1]["raters"]) == (92.0, False, 3)
    every = (await api.get(URL, params={"form": "appraisal_360"})).json()["items"]
    listed = [one for one in every if one["role"] == "peer"]
    assert len(listed) == 3
    assert {(one["rater"], one["by"], one["total"], one["grade"]) for one in listed} == {(None, None, None, None)}
    assert all(not (one["items"] or one["sections"] or one["words"]) for one in listed)
    assert "小张" not in (await api.get(URL)).text


@pytest.mark.parametrize("period", ["2026-Q3", "2026-H2", "2026"])
@pytest.mark.parametrize("view", ["rated", "full"])
async def test_what_one_peer_gave_is_told_by_no_period_and_no_view(
    api: httpx.AsyncClient, period: str, view: str
) -> None:
    await rates(api, "superior", "王经理", 100)
    await rates(api, "peer", "小张", 20)
    seen = await result(api, period=period, view=view)
    assert (seen["total"], seen["grade"], seen["formula"], seen["withheld"]) == (None, None, "", True)
    assert "peer" not in [role["role"] for role in seen["roles"]]
    assert [part["total"] for part in seen["parts"]] == ([] if period == "2026-Q3" else [None])


@pytest.mark.parametrize("role", ["peer", "subordinate"])
async def test_the_audit_log_names_no_peer_and_none_of_their_marks(api: httpx.AsyncClient, role: str) -> None:
    await rates(api, role, "小张", 20)
    values = {item.id: 5 for item in read_forms()["appraisal_360"].items}
    body = sheet("appraisal_360", role=role, rater="小张", by="小张", period="2026-Q3", values=values)
    corrected = await api.post(URL, json=body | {"reason": "小张抄错了"})
    assert corrected.status_code == 200
    (entry,) = (await api.get("/api/v1/audit")).json()["items"]
    assert (entry["action"], entry["subject"]) == ("assessment.corrected", corrected.json()["id"])
    assert (entry["by"], entry["detail"]) == (role, {})


@pytest.mark.parametrize("spelling", [" 王经理", "王经理\u3000", "王\u200b经理", "王 经理", "王经理\u3164"], ids=ascii)
async def test_no_spelling_of_a_rater_is_another_one(api: httpx.AsyncClient, spelling: str) -> None:
    body = sheet("appraisal_360", role="peer", period="2026-Q3")
    await stored(api, **body)
    again = body | {"rater": spelling, "values": dict.fromkeys(body["values"], 2)}
    assert (await api.post(URL, json=again)).status_code == 409
    for role in ("superior", "subordinate"):
        assert (await api.post(URL, json=again | {"role": role})).status_code == 409, "nor has anybody two roles"
    assert (await api.post(URL, json=body | {"rater": spelling})).status_code == 200
    assert len((await api.get(URL)).json()["items"]) == 1


async def test_who_rated_in_the_wrong_role_is_corrected_and_what_they_gave_as_a_peer_is_not_told(
    api: httpx.AsyncClient,
) -> None:
    body = sheet("appraisal_360", role="peer", period="2026-Q3")
    first = await stored(api, **body)
    told = (await api.post(URL, json=body | {"role": "superior", "reason": "填错了"})).json()
    assert (told["id"], told["role"]) == (first["id"], "superior")
    (entry,) = (await api.get("/api/v1/audit")).json()["items"]
    assert (entry["by"], entry["detail"]) == ("peer", {})


async def test_a_subject_in_every_spelling_is_one(api: httpx.AsyncClient) -> None:
    await stored(api, **sheet(subject="b2 "))
    assert (await api.post(URL, json=sheet(subject="\u3000ｂ2"))).status_code == 200
    (told,) = (await api.get(URL, params={"subject": " b2"})).json()["items"]
    assert told["subject"] == "b2"
    assert (await result(api, form="performance_60_40", subject="b2\u3000", period="2026-10"))["total"] == 80.0


async def test_a_year_is_the_mean_of_its_quarters(api: httpx.AsyncClient) -> None:
    values = {item.id: 4 for item in read_forms()["appraisal_360"].items}
    for period, rating in (("2026-Q1", 5), ("2026-Q2", 4), ("2026-Q3", 3)):
        await stored(api, **sheet("appraisal_360", period=period, values=dict.fromkeys(values, rating)))
    found = await result(api, period="2026")
    assert (found["total"], found["grade"], found["provisional"]) == (80.0, "良", True)
    assert [(part["period"], part["total"]) for part in found["parts"]] == [
        ("2026-Q1", 100.0),
        ("2026-Q2", 80.0),
        ("2026-Q3", 60.0),
    ]
    assert found["formula"] == "mean of 3: 2026-Q1 100, 2026-Q2 80, 2026-Q3 60"


async def test_key_figures_earn_110_percent_at_most_and_limits_100(api: httpx.AsyncClient) -> None:
    met = {
        "parts_rate": 108, "parts_money": 28345, "complaint_rate": 88, "complaints": 5, "training_rate": 80,
        "attitude": 5, "conduct": 5, "reports": 10, "rules": 5, "focus": 15,
    }  # fmt: skip
    told = await stored(api, **sheet("quarter_kpi", period="2026-Q3", values=met))
    assert told["total"] == 100 + 10 * 0.1 - 15 * 0.6
    better = await stored(api, **sheet("quarter_kpi", subject="a18", period="2026-Q3", values=met | {"complaints": 0}))
    assert better["total"] == 101.0
    assert better["grade"] == "非常好"


async def test_clauses_that_do_not_apply_leave_the_sums(api: httpx.AsyncClient) -> None:
    clauses = [item.id for item in read_forms()["gbt_27922_part"].items]
    told_of = {clauses[0]: 3, clauses[7]: 4}
    body = sheet("gbt_27922_part", role="auditor", values=told_of, not_applicable=[*clauses[1:7], clauses[8]])
    told = await stored(api, **body, evidence={clause: ["https://example.com/"] for clause in told_of})
    assert (told["total"], told["grade"]) == (70.0, "达标")


@pytest.mark.parametrize(
    ("changed", "field", "problem"),
    [
        ({"values": {"orders": 6}}, "values.orders", "is not on the scale 1-5"),
        ({"values": {"orders": 4.5}}, "values.orders", "is not on the scale 1-5"),
        ({"values": {"order": 4}}, "values.order", "is no item of performance_60_40"),
        (
            {"values": {"orders": "many"}},
            "values.orders",
            "must be a number, with at most nine digits behind the point",
        ),
        ({"not_applicable": ["orders"]}, "not_applicable.orders", "always applies; give it a value"),
        ({"words": {}}, "words.position", "is missing"),
        ({"words": {"position": "师傅", "shoe": "42"}}, "words.shoe", "is no field of performance_60_40"),
        ({"rater": ""}, "rater", "is missing; write who rates"),
        ({"rater": "a17"}, "rater", "is a17, who cannot be their own superior"),
        ({"rater": "\u200b\u3164"}, "rater", "is missing; write who rates"),
        ({"rater": "A17 "}, "rater", "is a17, who cannot be their own superior"),
        ({"rater": "a1\u200b7"}, "rater", "is a17, who cannot be their own superior"),
        ({"by": "\u200b"}, "by", "is empty"),
        ({"subject": "\u3000"}, "subject", None),
        ({"role": "self"}, "rater", "must be a17: in the role self everybody rates themselves"),
        ({"role": "peer"}, "role", "does not rate by performance_60_40; there are superior, self"),
        ({"sheet_no": "17"}, "sheet_no", "belongs to the sheet of a customer only"),
        ({"source": "phone"}, "source", "belongs to the sheet of a customer only"),
        ({"period": "2199-01"}, "period", None),
        ({"period": "2027-01"}, "period", "has not begun yet"),
        ({"evidence": {"orders": ["ftp"]}}, "evidence.orders.0", None),
    ],
)
async def test_what_does_not_fit_is_refused_with_its_field_and_nothing_is_stored(
    api: httpx.AsyncClient, changed: dict[str, Any], field: str, problem: str | None
) -> None:
    answer = await api.post(URL, json=sheet(**changed))
    assert answer.status_code == 422, answer.text
    told = answer.json()["errors"][0]
    assert told["field"] == field
    assert problem is None or told["problem"] == problem
    assert (await api.get(URL)).json()["items"] == []


async def test_an_unknown_form_is_named_with_those_that_there_are(api: httpx.AsyncClient) -> None:
    answer = await api.post(URL, json=sheet() | {"form": "nothing"})
    assert answer.status_code == 404
    assert "appraisal_360, costs, department" in answer.json()["detail"]


async def test_evidence_is_asked_for_where_the_form_says_so(api: httpx.AsyncClient) -> None:
    clause = read_forms()["gbt_27922_part"].items[0].id
    answer = await api.post(URL, json=sheet("gbt_27922_part", role="auditor", values={clause: 6}))
    assert answer.json()["errors"] == [
        {"field": f"evidence.{clause}", "problem": "is missing; give the address of what shows it, or upload a file"}
    ]


async def test_the_same_sheet_again_changes_nothing_and_another_one_needs_a_reason(api: httpx.AsyncClient) -> None:
    first = await stored(api, **sheet())
    again = await api.post(URL, json=sheet())
    assert (again.status_code, again.json()) == (200, first)
    other = sheet(values=dict.fromkeys(ITEMS, 5))
    assert (await api.post(URL, json=other)).status_code == 409
    corrected = await api.post(URL, json=other | {"reason": "抄错了", "by": "人事"})
    assert (corrected.status_code, corrected.json()["total"], corrected.json()["id"]) == (200, 100.0, first["id"])
    assert len((await api.get(URL)).json()["items"]) == 1
    (entry,) = (await api.get("/api/v1/audit")).json()["items"]
    assert (entry["action"], entry["by"], entry["subject"]) == ("assessment.corrected", "人事", first["id"])
    assert (entry["detail"]["reason"], entry["detail"]["total"]) == ("抄错了", "80")
    assert entry["detail"]["values"]["orders"] == "4"


async def test_a_customers_answers_are_entered_with_their_source_and_forgotten_with_them(
    house: House, api: httpx.AsyncClient
) -> None:
    await api.put("/api/v1/tickets/desk/1", json=TICKET)
    customer = TICKET["customer"]["id"]
    body = sheet("four_sides", role="customer", rater="", customer=customer, by="前台小周")
    assert (await api.post(URL, json=body)).json()["errors"][0]["field"] == "source"
    assert (await api.post(URL, json=body | {"source": "paper", "customer": "nobody"})).status_code == 404
    told = await stored(api, **body, source="paper")
    assert (told["customer"], told["source"], told["by"], told["rater"]) == (customer, "paper", "前台小周", None)
    held = (await api.get(f"/api/v1/customers/{customer}")).json()
    assert [one["id"] for one in held["assessments"]] == [told["id"]]
    assert (await api.delete(f"/api/v1/customers/{customer}")).is_success
    await fulfil(house)
    (left,) = (await api.get(URL)).json()["items"]
    assert (left["total"], left["customer"][:5]) == (80.0, "gone_")


async def test_each_paper_of_an_unknown_customer_is_a_sheet_of_its_own(api: httpx.AsyncClient) -> None:
    body = sheet("four_sides", role="customer", rater="", source="paper", by="前台小周", period="2026-Q3")
    answer = await api.post(URL, json=body)
    assert [one["field"] for one in answer.json()["errors"]] == ["sheet_no"]
    answer = await api.post(URL, json=body | {"sheet_no": "17", "rater": "前台"})
    assert [one["field"] for one in answer.json()["errors"]] == ["rater"]
    first = await stored(api, **body, sheet_no="17")
    other = await stored(api, **body, sheet_no="18")
    assert (first["sheet_no"], other["sheet_no"]) == ("17", "18")
    again = await api.post(URL, json=body | {"sheet_no": "１７ "})
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    worse = body | {"values": dict.fromkeys(body["values"], 1)}
    assert (await api.post(URL, json=worse | {"sheet_no": "17"})).status_code == 409
    await stored(api, **worse, sheet_no="19")
    (role,) = (await result(api, form="four_sides"))["roles"]
    assert (role["role"], role["raters"], role["mean"]) == ("customer", 3, 60.0)


async def test_two_papers_of_one_customer_are_two_sheets(api: httpx.AsyncClient) -> None:
    await api.put("/api/v1/tickets/desk/1", json=TICKET)
    body = sheet("four_sides", role="customer", rater="", source="paper", customer=TICKET["customer"]["id"])
    ids = {(await stored(api, **body, **number))["id"] for number in ({}, {"sheet_no": "17"}, {"sheet_no": "18"})}
    assert len(ids) == 3
