"""Files on a rater's page: stored as they come, shown with the sheet, seen by nobody else's link."""

import httpx
import pytest

from bot.handlers.evidence_files import LARGEST_FILE, MOST_FILES
from bot.http.limits import LARGEST_OF_RATERS
from tests.storage.sample_evidence import JPEG, PDF, PNG
from tests.support.web.house import URL as OURS
from tests.support.web.rater_pages import RaterPhone, rater_link

URL = "/api/v1/assessments"
ITEM = "c_5_1_7_2"
FIELD = f"f.{ITEM}"


async def auditors_phone(api: httpx.AsyncClient, who: str = "老周") -> RaterPhone:
    """Return the page of an auditor, who has to show by something what they saw."""
    return await RaterPhone.at(api, await rater_link(api, "auditor", who, form="gbt_27922_part"))


def answered(phone: RaterPhone) -> dict[str, str]:
    """Return the fields of a sheet of which one item applies."""
    return {name: "na" for name in phone.names if name.startswith("v.")} | {f"v.{ITEM}": "4.5"}


@pytest.mark.row("S0-10")
async def test_a_photo_is_evidence_as_an_address_is(api: httpx.AsyncClient) -> None:
    phone = await auditors_phone(api)
    assert "或者传文件：PDF, JPEG, PNG, HEIC, DOCX, XLSX，最大 10 MB" in phone.text
    await phone.attach("review", {FIELD: ("现场.jpg", JPEG)}, **answered(phone))
    assert (phone.status, "现场.jpg" in phone.text, "合计 75 分" in phone.text) == (200, True, True)
    await phone.press("send")
    assert "现场.jpg" in phone.text
    (told,) = (await api.get(URL)).json()["items"]
    (file,) = told["items"][0]["evidence"]
    fetched = await api.get(f"{URL}/{told['id']}/files/{file}")
    assert (fetched.status_code, fetched.content) == (200, JPEG)


async def test_a_file_is_stored_though_something_else_is_wrong(api: httpx.AsyncClient) -> None:
    phone = await auditors_phone(api)
    await phone.attach("review", {FIELD: ("a.pdf", PDF)}, **{f"v.{ITEM}": "99"})
    assert (phone.status, "a.pdf" in phone.text) == (422, True)
    await phone.attach("review", {}, **answered(phone))
    assert (phone.status, "send" in phone.buttons, "a.pdf" in phone.text) == (200, True, True)
    assert (await api.get(URL)).json()["items"] == []


async def test_a_page_that_is_opened_again_still_has_the_file(api: httpx.AsyncClient) -> None:
    phone = await auditors_phone(api)
    await phone.attach("review", {FIELD: ("a.pdf", PDF)}, **answered(phone))
    again = await auditors_phone(api)
    assert "a.pdf" in again.text
    assert again.held[f"g.{ITEM}.1"].startswith("file_")


async def test_the_same_file_twice_is_one_and_an_unticked_one_is_left_out(api: httpx.AsyncClient) -> None:
    phone = await auditors_phone(api)
    await phone.attach("edit", {FIELD: ("a.pdf", PDF)}, **answered(phone))
    await phone.attach("edit", {FIELD: ("a.pdf", PDF)})
    assert phone.text.splitlines().count("a.pdf") == 1
    await phone.attach("edit", {FIELD: ("b.png", PNG)})
    del phone.held[f"g.{ITEM}.1"]
    await phone.attach("review", {})
    assert ("b.png" in phone.text, "a.pdf" in phone.text) == (True, False)
    await phone.press("send")
    (told,) = (await api.get(URL)).json()["items"]
    assert [one["name"] for one in (await api.get(f"{URL}/{told['id']}/files")).json()["items"]] == ["b.png"]


async def test_many_files_and_addresses_stay_whole_over_the_look(api: httpx.AsyncClient) -> None:
    phone = await auditors_phone(api)
    addresses = "\n".join(f"https://example.com/{number}/{'x' * 200}" for number in range(4))
    for number in range(15):
        await phone.attach("edit", {FIELD: (f"{number}.pdf", PDF + str(number).encode())}, **answered(phone))
    await phone.attach("review", {}, **{f"e.{ITEM}": addresses})
    await phone.press("send")
    (told,) = (await api.get(URL)).json()["items"]
    assert len(told["items"][0]["evidence"]) == 19


async def test_a_rater_sees_their_own_file_and_nobody_elses(api: httpx.AsyncClient) -> None:
    phone = await auditors_phone(api)
    await phone.attach("review", {FIELD: ("a.pdf", PDF)}, **answered(phone))
    (shown,) = (link for link in phone.links if "/files/" in link)
    here = httpx.URL(phone.link).join(shown)
    fetched = await api.get(here, headers={"authorization": ""})
    assert (fetched.status_code, fetched.content) == (200, PDF)
    assert fetched.headers["content-disposition"] == 'attachment; filename="a.pdf"'
    assert fetched.headers["x-content-type-options"] == "nosniff"
    other = await rater_link(api, "auditor", "老吴", form="gbt_27922_part")
    assert (await api.get(f"{other}/files/{shown.rpartition('/')[2]}")).status_code == 404
    assert (await api.get("/f/forged/files/file_x")).status_code == 404


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html></html>", "这种文件收不了（带宏的也不收），请换成 PDF、照片、DOCX 或 XLSX"),
        (PDF.ljust(LARGEST_FILE + 1), "这个文件太大了，请压缩一下，或者贴一个链接"),
        (b"", "这个文件是空的，请重新选"),
    ],
    ids=["type", "large", "empty"],
)
async def test_a_file_that_is_not_taken_is_marked(api: httpx.AsyncClient, content: bytes, says: str) -> None:
    phone = await auditors_phone(api)
    await phone.attach("review", {FIELD: ("a.pdf", content)}, **answered(phone))
    assert (phone.status, says in phone.text, phone.held[f"v.{ITEM}"]) == (422, True, "4.5")


@pytest.mark.proof
async def test_a_sheet_has_so_many_files_at_most(api: httpx.AsyncClient) -> None:
    phone = await auditors_phone(api)
    for number in range(MOST_FILES):
        await phone.attach("edit", {FIELD: (f"{number}.pdf", PDF + str(number).encode())})
    assert phone.status == 200
    await phone.attach("edit", {FIELD: ("more.pdf", PDF + b"more")})
    assert ("一张表能附的文件已经满了，先去掉一个" in phone.text, "more.pdf" in phone.text) == (True, False)


async def test_a_body_that_is_too_large_says_what_to_do(api: httpx.AsyncClient) -> None:
    phone = await auditors_phone(api)
    await phone.attach("review", {FIELD: ("a.pdf", PDF.ljust(LARGEST_OF_RATERS))}, **answered(phone))
    assert (phone.status, "一次传得太多了" in phone.text) == (413, True)


async def test_a_form_without_evidence_takes_no_file(api: httpx.AsyncClient) -> None:
    phone = await RaterPhone.at(api, await rater_link(api, "superior", "王经理"))
    assert phone.files == []
    data = {"v.quality": "4", "do": "edit"}
    answer = await api.post(phone.link, data=data, files={"f.quality": ("a.pdf", PDF)}, headers={"origin": OURS})
    assert (answer.status_code, "a.pdf" in answer.text) == (200, False)


async def test_a_large_body_of_a_forged_link_is_not_read(api: httpx.AsyncClient) -> None:
    answer = await api.post("/f/forged", data={"do": "edit"}, files={FIELD: ("a.pdf", PDF.ljust(LARGEST_FILE))})
    assert answer.status_code == 404


async def test_a_text_of_fields_may_not_be_as_large_as_files(api: httpx.AsyncClient) -> None:
    phone = await auditors_phone(api)
    answer = await api.post(phone.link, data={"w.x": "长" * 30_000}, headers={"origin": OURS})
    assert answer.status_code == 413


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
async def test_nonsense_in_parts_is_refused(api: httpx.AsyncClient, kind: str) -> None:
    phone = await auditors_phone(api)
    answer = await api.post(phone.link, content=b"nonsense", headers={"origin": OURS, "content-type": kind})
    assert answer.status_code in {200, 400}
    assert (await api.get(URL)).json()["items"] == []


async def test_a_correction_can_take_another_file(api: httpx.AsyncClient) -> None:
    phone = await auditors_phone(api)
    await phone.attach("review", {FIELD: ("a.pdf", PDF)}, **answered(phone))
    await phone.press("send")
    changed = await RaterPhone.at(api, phone.link, "?edit=1")
    del changed.held[f"g.{ITEM}.1"]
    await changed.attach("review", {FIELD: ("b.png", PNG)})
    await changed.press("send")
    (told,) = (await api.get(URL)).json()["items"]
    assert [one["name"] for one in (await api.get(f"{URL}/{told['id']}/files")).json()["items"]] == ["b.png"]


@pytest.mark.parametrize("left", [0, 20, 110, -10])
async def test_a_form_that_was_cut_off_is_refused_and_not_taken_without_its_file(
    api: httpx.AsyncClient, left: int
) -> None:
    phone = await auditors_phone(api)
    head = f'--XX\r\nContent-Disposition: form-data; name="{FIELD}"; filename="a.pdf"\r\n\r\n'
    whole = head.encode() + PDF + b"\r\n--XX--\r\n"
    headers = {"origin": OURS, "content-type": "multipart/form-data; boundary=XX"}
    assert (await api.post(phone.link, content=whole[:left], headers=headers)).status_code == 400
    taken = await api.post(phone.link, content=whole, headers=headers)
    assert (taken.status_code, "a.pdf" in taken.text) == (200, True)
