"""Files as evidence over the API: stored first, had by one sheet, seen by whoever may see that sheet."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.handlers.evidence_files import LARGEST_FILE
from tests.http.forms.test_assessments import URL, sheet, stored
from tests.storage.sample_evidence import HEIC, JPEG, PDF, PNG, office, with_macros
from tests.support.web.house import House

Json = dict[str, Any]


async def uploaded(api: httpx.AsyncClient, content: bytes = PDF, name: str = "回访单.pdf", **more: str) -> Json:
    """Upload a file, and return it."""
    answer = await api.post(f"{URL}/files", params={"name": name, "by": "王经理"} | more, content=content)
    assert answer.status_code == 201, answer.text
    told: Json = answer.json()
    return told


async def with_file(api: httpx.AsyncClient, **changed: Any) -> tuple[Json, Json]:  # noqa: ANN401 (any JSON)
    """Upload a file and store a sheet that shows an item by it; return both."""
    file = await uploaded(api)
    evidence = {"orders": ["https://example.com/1", file["id"]]}
    return file, await stored(api, **sheet(evidence=evidence) | changed)


async def files_of(api: httpx.AsyncClient, assessment: str) -> list[Json]:
    listed = await api.get(f"{URL}/{assessment}/files")
    assert listed.status_code == 200, listed.text
    found: list[Json] = listed.json()["items"]
    return found


@pytest.mark.row("S0-10")
async def test_a_file_stands_beside_its_item_and_comes_back_to_the_byte(api: httpx.AsyncClient) -> None:
    file, told = await with_file(api)
    assert told["items"][0]["evidence"] == ["https://example.com/1", file["id"]]
    (had,) = await files_of(api, told["id"])
    assert had == file | {"assessment": told["id"], "item": "orders", "kept_until": None}
    assert (had["name"], had["media_type"], had["size"]) == ("回访单.pdf", "application/pdf", len(PDF))
    fetched = await api.get(f"{URL}/{told['id']}/files/{file['id']}")
    assert (fetched.status_code, fetched.content) == (200, PDF)


async def test_a_browser_saves_a_file_and_runs_nothing_of_it(api: httpx.AsyncClient) -> None:
    file, told = await with_file(api)
    headers = (await api.get(f"{URL}/{told['id']}/files/{file['id']}")).headers
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''%E5%9B%9E%E8%AE%BF%E5%8D%95.pdf"
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["content-type"] == "application/pdf"


async def test_the_audit_log_says_who_fetched_which_file(api: httpx.AsyncClient) -> None:
    file, told = await with_file(api)
    await api.get(f"{URL}/{told['id']}/files/{file['id']}")
    (line,) = (await api.get("/api/v1/audit")).json()["items"]
    assert (line["action"], line["subject"], line["by"]) == ("assessment.file_fetched", told["id"], "API")
    assert line["detail"] == {"file": file["id"], "hash": file["sha256"]}


@pytest.mark.parametrize(
    ("content", "name", "kept", "media_type"),
    [
        (JPEG, "IMG_1.JPG", "IMG_1.jpg", "image/jpeg"),
        (PNG, "chart.pdf", "chart.pdf.png", "image/png"),
        (HEIC, "IMG_2.HEIC", "IMG_2.heic", "image/heic"),
        (office("xl/workbook.xml"), "三月.xlsx", "三月.xlsx", None),
    ],
)
async def test_a_file_is_told_by_what_it_holds(
    api: httpx.AsyncClient, content: bytes, name: str, kept: str, media_type: str | None
) -> None:
    told = await uploaded(api, content, name)
    assert (told["name"], told["media_type"]) == (kept, media_type or told["media_type"])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty; send the file as it is"),
        (b"<html></html>", "is none of PDF, JPEG, PNG, HEIC, DOCX, XLSX, or has macros; save it as one of them"),
        (with_macros(), "is none of PDF, JPEG, PNG, HEIC, DOCX, XLSX, or has macros; save it as one of them"),
    ],
)
async def test_what_is_not_taken_says_why(api: httpx.AsyncClient, content: bytes, says: str) -> None:
    answer = await api.post(f"{URL}/files", params={"name": "a.pdf"}, content=content)
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"field": "file", "problem": says}])


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(api: httpx.AsyncClient) -> None:
    answer = await api.post(
        f"{URL}/files?name=a.pdf", content=b"%PDF-", headers={"content-length": str(LARGEST_FILE + 1)}
    )
    assert (answer.status_code, answer.json()["detail"]) == (
        413,
        "The file is larger than 10 MiB; make it smaller, or give its address as evidence.",
    )


async def test_a_file_of_the_largest_size_is_taken_whole(api: httpx.AsyncClient) -> None:
    assert (await uploaded(api, PDF.ljust(LARGEST_FILE, b"\0")))["size"] == LARGEST_FILE


async def test_the_same_key_uploads_once(api: httpx.AsyncClient) -> None:
    answers = [
        await api.post(f"{URL}/files?name=a.pdf", content=PDF, headers={"idempotency-key": "k1"}) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()


async def test_a_file_is_evidence_of_one_sheet(api: httpx.AsyncClient) -> None:
    file, _ = await with_file(api)
    answer = await api.post(URL, json=sheet(subject="a18", evidence={"orders": [file["id"]]}))
    says = f"names {file['id']}, which was not uploaded for this sheet; upload the file"
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"field": "evidence.orders", "problem": says}])
    unknown = await api.post(URL, json=sheet(subject="a18", evidence={"orders": ["file_none"]}))
    assert unknown.status_code == 422


async def test_evidence_is_an_address_or_a_file(api: httpx.AsyncClient) -> None:
    answer = await api.post(URL, json=sheet(evidence={"orders": ["javascript:alert(1)"]}))
    assert answer.status_code == 422
    assert "is neither a web address nor the id of an uploaded file" in answer.text


async def test_the_same_sheet_again_keeps_its_files_and_a_correction_lets_them_go(
    api: httpx.AsyncClient, house: House
) -> None:
    file, told = await with_file(api)
    again = sheet(evidence={"orders": ["https://example.com/1", file["id"]]})
    assert (await api.post(URL, json=again)).status_code == 200
    assert [one["id"] for one in await files_of(api, told["id"])] == [file["id"]]
    corrected = sheet(evidence={"orders": ["https://example.com/1"]}, reason="传错了")
    assert (await api.post(URL, json=corrected)).status_code == 200
    assert await files_of(api, told["id"]) == []
    assert (await api.get(f"{URL}/{told['id']}/files/{file['id']}")).status_code == 404
    (left,) = await house.web.reader.assessments.files(told["id"])
    assert left.kept_until == house.web.clock.now()


async def test_a_correction_moves_a_file_to_another_item(api: httpx.AsyncClient) -> None:
    file, told = await with_file(api)
    moved = sheet(evidence={"contact": [file["id"]]}, reason="放错项了")
    assert (await api.post(URL, json=moved)).status_code == 200
    assert [one["item"] for one in await files_of(api, told["id"])] == ["contact"]


async def test_an_upload_that_no_sheet_names_goes_after_a_week(api: httpx.AsyncClient, house: House) -> None:
    kept_until = (await uploaded(api))["kept_until"]
    assert kept_until.startswith((house.web.clock.now() + timedelta(days=7)).date().isoformat())


async def test_nobody_sees_a_peers_file(api: httpx.AsyncClient) -> None:
    file = await uploaded(api)
    body = {"form": "appraisal_360", "subject": "a17", "period": "2026-Q3", "role": "peer", "rater": "小张"}
    values = dict.fromkeys(("quality",), 4)
    told = await stored(api, **body, by="小张", values=values, evidence={"quality": [file["id"]]})
    assert (told["items"], await files_of(api, told["id"])) == ([], [])
    assert (await api.get(f"{URL}/{told['id']}/files/{file['id']}")).status_code == 404


async def test_a_file_is_found_under_its_own_sheet_only(api: httpx.AsyncClient) -> None:
    file, _ = await with_file(api)
    other = await stored(api, **sheet(subject="a18"))
    assert (await api.get(f"{URL}/{other['id']}/files/{file['id']}")).status_code == 404
    assert (await api.get(f"{URL}/asm_none/files/{file['id']}")).status_code == 404
    assert (await api.get(f"{URL}/asm_none/files")).status_code == 404
    assert (await api.get(f"{URL}/{other['id']}/files/{file['id']}", headers={"authorization": ""})).status_code == 401
