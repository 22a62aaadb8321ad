"""Nothing that anybody sends breaks the web side: every answer is one of ours, and never a 5xx."""

import json
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.support.examples import tries
from tests.support.web.house import House
from tests.support.web.tickets import TICKET

TRIES = tries(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["closed", "\ud800", "a\0b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
METHODS = st.sampled_from(["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "BREW"])
PLACES = st.sampled_from(
    [
        "/api/v1/tickets/{}/{}",
        "/api/v1/tickets/{}/{}/survey",
        "/api/v1/customers/{}/links{}",
        "/api/v1/issues/{}{}",
        "/api/v1/issues/{}/claim{}",
        "/api/v1/responses?customer={}&cursor={}",
        "/api/v1/issues?ticket={}&since={}",
        "/hooks/{}{}",
        "/console/{}{}",
        "/console/enter?key={}&lang={}",
        "/console/static/{}{}",
        "/{}{}",
    ]
)
WORD = st.text(max_size=12) | st.sampled_from(
    ["..", "%00", "%2F", "%ff%fe", "a/b", "\\", "?", "#", "%", "'--", "{{7*7}}"]
)


class Visitor:
    """Sends raw requests to a house, past the client's own manners."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def send(
        self, method: str, target: str, body: bytes = b"", headers: dict[str, bytes] | None = None
    ) -> tuple[int, bytes]:
        path, _, query = target.partition("?")
        sent = {"authorization": b"Bearer key-of-the-help-desk", "content-type": b"application/json", **(headers or {})}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(errors="replace"),
            "query_string": query.encode(errors="surrogatepass"),
            "root_path": "",
            "scheme": "http",
            "http_version": "1.1",
            "headers": [(name.encode(), value) for name, value in sent.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8480),
        }
        told: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def answer(message: Any) -> None:  # noqa: ANN401 (ASGI's own)
            told.append(message)

        await self.house.app(scope, receive, answer)
        return told[0]["status"], b"".join(message.get("body", b"") for message in told[1:])


async def test_hostile_requests_are_answered_with_a_4xx(house: House) -> None:
    visitor = Visitor(house)
    here = "/api/v1/tickets/zendesk/42"
    bodies = [
        b"", b"{", b"null", b"[]", b"5", b'"text"', b"\xff\xfe", b"\0", b"[" * 60_000, b'{"a":' * 9_000, b"1" * 60_000,
        b'{"status": "\\ud800"}', b'{"\\u0000": 1}', b'{"status": NaN}', b'{"status": 1e999}',
        json.dumps({**TICKET, "customer": {"id": "x" * 50_000}}).encode(),
        json.dumps({**TICKET, "tags": [["vip"]]}).encode(),
        json.dumps({**TICKET, "closed_at": "2026-02-30T00:00:00Z"}).encode(),
        json.dumps({**TICKET, "closed_at": "+" * 5_000}).encode(),
        json.dumps({**TICKET, "customer": {"id": "a", "timezone": "/etc/passwd"}}).encode(),
        json.dumps({**TICKET, "customer": {"id": "a", "timezone": "Asia"}}).encode(),
    ]  # fmt: skip
    for body in bodies:
        status, told = await visitor.send("PUT", here, body)
        assert status == 422, body[:60]
        assert json.loads(told)["errors"]


async def test_hostile_headers_are_answered_with_a_4xx(house: House) -> None:
    visitor = Visitor(house)
    for headers in (
        {"authorization": b"Bearer \xff\xfe"},
        {"authorization": b"Bearer " + b"x" * 60_000},
        {"content-length": b"-1", "authorization": b""},
        {"content-length": b"\xb2", "authorization": b""},
        {"content-length": b"9" * 400, "authorization": b""},
        {"cookie": b"huifang=\xff; =;;=" * 100, "authorization": b""},
        {"accept-language": b"zh;q=\xff,,,;q=9,*;q=0.", "authorization": b""},
        {"origin": b"http://[", "authorization": b""},
        {"host": b"[", "origin": b"http://]", "authorization": b""},
    ):
        for target in ("/api/v1/issues", "/console/enter", "/console/sandbox", "/hooks/tickets"):
            for method in ("GET", "POST"):
                status, _ = await visitor.send(method, target, b"key=%ff", headers)
                assert status < 500, (headers, target)


async def test_a_crooked_host_changes_nothing_about_the_answer(house: House) -> None:
    headers = {"host": b"[", "idempotency-key": b"once"}
    for target, body, expected in (
        ("/api/v1/issues", b'{"title": "x"}', 201),
        ("/api/v1/customers/c-none/links", b'{"channel": "sandbox"}', 404),
        ("/api/v1/nowhere", b"", 404),
    ):
        assert (await Visitor(house).send("POST", target, body, headers))[0] == expected


@TRIES
@given(body=ANYTHING)
async def test_any_json_is_stored_or_refused(house: House, body: object) -> None:
    status, told = await Visitor(house).send("PUT", "/api/v1/tickets/zendesk/42", json.dumps(body).encode())
    assert status in {200, 201, 422}
    json.loads(told)


@TRIES
@given(
    st.dictionaries(st.sampled_from([*TICKET, "updated_at", "x"]), ANYTHING),
    st.dictionaries(st.sampled_from([*TICKET["customer"], "tier"]), ANYTHING),
)
async def test_a_ticket_with_any_fields_is_stored_or_refused(
    house: House, fields: dict[str, Any], customer: dict[str, Any]
) -> None:
    body = {**TICKET, **fields, "customer": {**TICKET["customer"], **customer}}
    status, told = await Visitor(house).send("PUT", "/api/v1/tickets/zendesk/42", json.dumps(body).encode())
    assert status in {200, 201, 422}
    json.loads(told)


@TRIES
@given(METHODS, PLACES, st.tuples(WORD, WORD), st.binary(max_size=60))
async def test_any_request_anywhere_is_answered(
    house: House, method: str, place: str, words: tuple[str, str], body: bytes
) -> None:
    status, told = await Visitor(house).send(method, place.format(*words), body)
    assert status < 500
    if status >= 400 and not place.startswith("/console"):
        assert json.loads(told)["status"] == status


@TRIES
@given(
    st.sampled_from(["claim", "release", "resolve", "reopen", "merge"]),
    st.dictionaries(
        st.sampled_from(["by", "note", "notify", "reason", "into", "root_cause"]), ANYTHING | st.text(max_size=20)
    ),
)
async def test_any_deed_is_done_or_refused(house: House, deed: str, body: dict[str, Any]) -> None:
    visitor = Visitor(house)
    _, made = await visitor.send("POST", "/api/v1/issues", b'{"title": "x"}')
    status, told = await visitor.send(
        "POST", f"/api/v1/issues/{json.loads(made)['id']}/{deed}", json.dumps(body).encode()
    )
    assert status in {200, 409, 422}
    json.loads(told)


@TRIES
@given(st.binary(max_size=80) | ANYTHING.map(lambda value: json.dumps(value).encode()))
async def test_any_proved_delivery_is_answered(house: House, body: bytes) -> None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = ""
    headers = {name: value.encode() for name, value in house.signed(text, event=str(len(body))).items()}
    status, _ = await Visitor(house).send("POST", "/hooks/tickets", body, headers)
    assert status in {200, 201, 202, 400, 401, 422}
