"""A table that is uploaded waits its turn, is imported once, tells how far it is, and can be taken back."""

import asyncio
import csv
import dataclasses
import io
import json
import logging
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.control.commands import CONTROL_COMMANDS
from bot.http.limits import LARGEST_UPLOAD
from bot.http.scopes import ApiKey
from bot.imports.table_columns import ImportKind
from bot.jobs.imports.import_run import ImportOrder
from bot.jobs.text.comment_reader import CommentReadingJob
from bot.process.alarms import Alarms
from bot.wiring.services import Services, open_services
from config.settings.settings import Settings
from config.values.key_scopes import KeyScope
from scoring.values import replace
from storage.model.import_records import ImportState, UploadState
from storage.model.records import Ticket
from storage.unit_of_work.selects import all_of
from tests.http.imports.conftest import KEY, Doors, table, taker
from tests.jobs.imports.conftest import ANSWERS, HEAD, finished, ticket_rows
from tests.support.database.dumped import dumped
from tests.support.web.api import api_of, web_of

Json = dict[str, Any]
OPEN_TABLES = ("uploads", "upload_parts")


async def stored(services: Services) -> int:
    async with services.store.reading() as session:
        return len(await session.records(Ticket, all_of(Ticket)))


async def shown(api: httpx.AsyncClient, id_: str) -> Json:
    answer = await api.get(f"/api/v1/imports/{id_}")
    assert answer.status_code == 200
    told: Json = answer.json()
    return told


async def test_a_file_is_stored_before_it_is_answered_and_imported_in_its_turn(
    services: Services, api: httpx.AsyncClient, uploads: Doors
) -> None:
    told = await uploads("tickets", table(HEAD, *ticket_rows(0, 500)), file="老工单.csv", by="李工")
    assert (told["state"], told["file"], told["by"], told["rows"]) == ("waiting", "老工单.csv", "李工", 0)
    assert await stored(services) == 0
    await taker(services).look()
    told = await shown(api, told["id"])
    assert (told["state"], told["rows"], told["added"], told["refused"]) == ("done", 500, 500, 0)
    assert (told["done"], told["has_errors"], told["problem"]) == (501, False, None)
    assert {"header": "customer.name", "column": "customer.name"} in told["columns"]
    assert told["first"][0]["ticket"] == "G0"
    assert await stored(services) == 500
    left = await dumped(services.store)
    assert left["upload_parts"] == []  # the file is gone


async def test_the_same_file_again_is_the_same_import(
    services: Services, api: httpx.AsyncClient, uploads: Doors
) -> None:
    content = table(HEAD, *ticket_rows(0, 50))
    first = await uploads("tickets", content)
    twice = await uploads("tickets", content)
    assert (twice["id"], twice["state"]) == (first["id"], "waiting")
    await taker(services).look()
    again = await uploads("tickets", content)
    await taker(services).look()
    told = await shown(api, again["id"])
    assert (told["state"], told["rows"], told["added"]) == ("done", 50, 0)
    assert (again["id"], await stored(services)) == (first["id"], 50)
    assert [one["id"] for one in (await api.get("/api/v1/imports")).json()["items"]] == [first["id"]]


async def test_wrong_rows_are_fetched_as_a_file(services: Services, api: httpx.AsyncClient, uploads: Doors) -> None:
    content = table(HEAD, *ticket_rows(0, 40, bad=(3, 17)))
    told = await uploads("tickets", content)
    assert (await api.get(f"/api/v1/imports/{told['id']}/errors")).status_code == 404
    await taker(services).look()
    told = await shown(api, told["id"])
    assert (told["state"], told["refused"], told["problem"]) == ("refused", 2, "2 of 40 rows are wrong")
    assert [one["row"] for one in told["mistakes"]] == [5, 19]
    assert told["has_errors"] is True
    answer = await api.get(f"/api/v1/imports/{told['id']}/errors")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["row"], row["column"], row["value"]) for row in rows] == [
        ("5", "closed_at", "?"),
        ("19", "closed_at", "?"),
    ]
    assert await stored(services) == 0
    await uploads("tickets", content, take_good=True)
    await taker(services).look()
    told = await shown(api, told["id"])
    assert (told["state"], told["added"], told["refused"], await stored(services)) == ("done", 38, 2, 38)


async def test_a_trial_stores_nothing(services: Services, api: httpx.AsyncClient, uploads: Doors) -> None:
    before = {name: rows for name, rows in (await dumped(services.store)).items() if name not in OPEN_TABLES}
    told = await uploads("tickets", table(HEAD, *ticket_rows(0, 30)), dry_run=True)
    await taker(services).look()
    told = await shown(api, told["id"])
    assert (told["state"], told["rows"], told["added"]) == ("checked", 30, 30)
    assert {n: rows for n, rows in (await dumped(services.store)).items() if n not in OPEN_TABLES} == before
    assert (await api.get("/api/v1/imports")).json()["items"] == []


async def test_what_was_imported_is_taken_back_whichever_way_it_came(
    services: Services, api: httpx.AsyncClient, uploads: Doors, tmp_path: Path
) -> None:
    by_api = (await uploads("tickets", table(HEAD, *ticket_rows(0, 20))))["id"]
    await taker(services).look()
    path = tmp_path / "more.csv"
    await asyncio.to_thread(path.write_bytes, table(HEAD, *ticket_rows(20, 20)))
    by_command = await finished(services, services.imports.start(ImportOrder(ImportKind.TICKETS, path, path.name)))
    assert by_command.record is not None
    assert await stored(services) == 40
    for id_ in (by_api, by_command.record.id):
        answer = await api.post(f"/api/v1/imports/{id_}/undo", json={"by": "李工"})
        assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
        await taker(services).look()
        assert (await shown(api, id_))["state"] == "undone"
    assert await stored(services) == 0


async def test_what_columns_mean_is_said_beside_the_file(
    services: Services, api: httpx.AsyncClient, uploads: Doors
) -> None:
    content = table(("我们的单", "谁", "办完"), ("T1", "C1", "2026-03-02"))
    meant = json.dumps({"columns": {"我们的单": "ticket", "谁": "customer", "办完": "closed_at"}})
    told = await uploads("tickets", content, map=meant)
    await taker(services).look()
    assert (await shown(api, told["id"]))["added"] == 1


# -- what is wrong ---------------------------------------------------------------------------------------------------


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (70 * 1024 * 1024))
    return packed.getvalue()


def macros() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/vbaProject.bin", b"0")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "t.xlsx is protected by a password, or of Excel before"),
        (macros(), "t.xlsx has macros, and is not opened"),
        (bomb(), "t.xlsx unpacks to more than 64 MB; save the sheet as CSV"),
        (b"PK\x03\x04nothing", "t.xlsx is damaged: it begins as a workbook and is none"),
        (b"\x89PNG\r\n\x1a\n\0\0", "t.xlsx is no text; save it as CSV in UTF-8"),
        (b"a,b\n1,2\n", "t.xlsx: no row tells what the columns mean"),
    ],
    ids=["password", "macros", "bomb", "damaged", "picture", "strange"],
)
async def test_what_is_no_table_is_a_sentence(
    services: Services, api: httpx.AsyncClient, uploads: Doors, content: bytes, sentence: str
) -> None:
    told = await uploads("tickets", content, file="t.xlsx")
    await taker(services).look()
    told = await shown(api, told["id"])
    assert told["state"] == "failed"
    assert told["problem"].startswith(sentence)
    assert (await dumped(services.store))["upload_parts"] == []


@pytest.mark.parametrize(
    ("asked", "content", "field"),
    [
        ({"kind": "colours"}, b"x", "kind"),
        ({}, b"x", "kind"),
        ({"kind": "tickets"}, b"", "body"),
        ({"kind": "tickets", "map": "[colums]"}, b"x", "map"),
        ({"kind": "tickets", "map": '{"columns": {"x": "colour"}}'}, b"x", "map"),
        ({"kind": "tickets", "take_good": "perhaps"}, b"x", "take_good"),
    ],
    ids=["no such kind", "no kind", "empty", "map", "column", "flag"],
)
async def test_what_cannot_be_asked_is_told(
    api: httpx.AsyncClient, asked: dict[str, str], content: bytes, field: str
) -> None:
    answer = await api.post("/api/v1/imports", params=asked, content=content)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])


async def test_a_file_of_two_gigabytes_is_refused_before_it_is_read(api: httpx.AsyncClient) -> None:
    headers = {"content-length": str(2 * 1024**3)}
    answer = await api.post("/api/v1/imports?kind=tickets", content=b"x", headers=headers)
    assert answer.status_code == 413
    megabytes = LARGEST_UPLOAD // 1024**2
    assert answer.json()["detail"] == (
        f"A file may have {megabytes} MiB; a larger one is imported on the machine, by `huifang import`."
    )


async def test_what_is_not_there_is_404(api: httpx.AsyncClient) -> None:
    for method, path in (("GET", ""), ("GET", "/errors"), ("POST", "/undo")):
        body = {"by": "李工"} if method == "POST" else None
        answer = await api.request(method, f"/api/v1/imports/imp_none{path}", json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_only_a_key_of_everything_uploads_and_no_other_bodys_limit_is_lifted(services: Services) -> None:
    web = web_of(services, KEY)
    keys = {scope: f"{scope.value}-key-of-somebody-4f8c2a" for scope in (KeyScope.READ, KeyScope.TICKETS)}
    web = dataclasses.replace(web, api_keys=tuple(ApiKey(secret, scope) for scope, secret in keys.items()))
    for scope, secret in keys.items():
        async with api_of(web, secret) as client:
            answer = await client.post("/api/v1/imports?kind=tickets", content=b"0" * 100_000)
            assert answer.status_code == 403
            reads = (await client.get("/api/v1/imports")).status_code
            assert reads == (200 if scope is KeyScope.READ else 403)
            assert (await client.get("/api/v1/imports/imp_x/errors")).status_code == 403
    async with api_of(web, "wrong-key-of-nobody-4f8c2a") as client:
        assert (await client.post("/api/v1/imports?kind=tickets", content=b"0" * 100_000)).status_code == 401
    assert (await dumped(services.store))["upload_parts"] == []


# -- restarts --------------------------------------------------------------------------------------------------------


async def test_a_file_survives_the_process_that_took_it(settings: Settings) -> None:
    async with open_services(settings) as first, api_of(web_of(first, KEY), KEY) as client:
        content = table(HEAD, *ticket_rows(0, 100))
        id_ = (await client.post("/api/v1/imports?kind=tickets", content=content)).json()["id"]
    async with open_services(settings) as second, api_of(web_of(second, KEY), KEY) as client:
        await taker(second).look()
        assert (await shown(client, id_))["added"] == 100
        assert await stored(second) == 100


@pytest.mark.proof
async def test_a_file_that_is_cut_off_goes_on_where_it_was(
    services: Services, api: httpx.AsyncClient, uploads: Doors
) -> None:
    told = await uploads("tickets", table(HEAD, *ticket_rows(0, 3000)))
    job = asyncio.create_task(taker(services).look())
    while not await position(services, told["id"]):  # noqa: ASYNC110 (nothing tells of it)
        await asyncio.sleep(0.01)
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)
    upload = await services.imports.uploads.find(told["id"])
    assert upload is not None
    assert (upload.state, upload.tries) == (UploadState.RUNNING, 1)
    assert 0 < await stored(services) < 3000
    refused = await api.post(f"/api/v1/imports/{told['id']}/undo", json={"by": "李工"})
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        f"import {told['id']} is under way; wait until it has ended",
    )
    await taker(services).look()
    told = await shown(api, told["id"])
    assert (told["state"], told["added"], await stored(services)) == ("done", 3000, 3000)


async def position(services: Services, id_: str) -> int:
    record = await services.imports.find(id_)
    return record.position if record is not None else 0


async def test_a_file_that_ends_every_process_is_given_up(
    services: Services, api: httpx.AsyncClient, uploads: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    told = await uploads("tickets", table(HEAD, *ticket_rows(0, 5)))
    upload = await services.imports.uploads.find(told["id"])
    assert upload is not None
    await services.imports.uploads.move(replace(upload, state=UploadState.RUNNING, tries=5))  # as five kills leave it
    with caplog.at_level(logging.ERROR):
        await taker(services).look()
    told = await shown(api, told["id"])
    assert (told["state"], told["problem"]) == (
        "failed",
        "The service has ended several times in the middle of this file.",
    )
    assert "is given up" in caplog.text
    assert await stored(services) == 0


async def test_half_an_upload_goes_before_a_whole_one_that_waits(services: Services, uploads: Doors) -> None:
    register, now = services.imports.uploads, services.clock.now()
    told = await uploads("tickets", table(HEAD, *ticket_rows(0, 9)))
    await register.add_part("upload_half", 0, b"ticket,customer\n")
    week, day, later = now - timedelta(days=7), now - timedelta(days=1), now + timedelta(minutes=1)
    assert await register.tidy(week, day) == 0
    assert [piece async for piece in register.parts("upload_half")] == [b"ticket,customer\n"]
    assert await register.tidy(week, later) == 1
    assert [piece async for piece in register.parts("upload_half")] == []
    upload = await register.find(told["id"])
    assert upload is not None
    assert [piece async for piece in register.parts(upload.parts)] != []
    assert await register.tidy(later, later) == 1
    assert [piece async for piece in register.parts(upload.parts)] == []


async def test_comments_of_long_ago_that_come_late_are_read(
    services: Services, api: httpx.AsyncClient, uploads: Doors
) -> None:
    reads = CommentReadingJob(
        *(services.store, services.writer, services.receiver, services.reader, services.clock, Alarms(services.clock))
    )
    await uploads("tickets", table(HEAD, *ticket_rows(0, 3)))
    await taker(services).look()
    await reads.look()
    rows = [
        ("import/G1", "paper", "2020-11-20 12:00", 5, "师傅很耐心，非常满意"),
        ("import/G2", "paper", "2020-11-21", 1, ""),
    ]
    await uploads("responses", table(ANSWERS, *rows))
    await taker(services).look()
    await reads.look()
    listed = (await api.get("/api/v1/responses")).json()["items"]
    assert [one["comment_polarity"] for one in listed] == ["positive", None]


async def test_a_command_and_the_api_tell_the_same(services: Services, api: httpx.AsyncClient, uploads: Doors) -> None:
    told = await uploads("tickets", table(HEAD, *ticket_rows(0, 9)), file="t.csv")
    await taker(services).look()
    listed = await CONTROL_COMMANDS["import list"](services, {})
    assert isinstance(listed, dict)
    (one,) = listed["items"]
    (same,) = (await api.get("/api/v1/imports")).json()["items"]
    assert (one["id"], one["state"], one["file"], one["added"]) == (told["id"], ImportState.DONE, "t.csv", 9)
    assert (same["id"], same["state"], same["file"], same["added"]) == (told["id"], "done", "t.csv", 9)
