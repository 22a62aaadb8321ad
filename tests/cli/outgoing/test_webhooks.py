"""`huifang webhooks` at the terminal."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.handlers.outgoing.endpoint_commands import disable_endpoint, endpoint_needs
from bot.jobs.outgoing.file_webhooks import wanted_endpoints
from bot.wiring.services import open_services
from config.settings.loading import load_settings
from tests.cli.conftest import Type
from tests.support.outgoing.happenings import open_issue
from tests.support.ports import reserved_port

URL = "https://1.1.1.1/hook"
IN_FILE = "It stands under [[webhooks]] in rules.toml: edit the file, which is taken over within seconds."
NOBODY = "there is no endpoint 'CRM'; `huifang webhooks list` shows their ids"


@pytest.fixture
def dead_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return an address of this machine at which nobody listens, and permit it."""
    monkeypatch.setenv("HUIFANG_WEBHOOKS__ALLOW_PRIVATE", "true")
    with reserved_port() as port:
        yield f"http://127.0.0.1:{port}/"


def test_without_an_endpoint_the_list_says_how_to_add_one(types: Type) -> None:
    told = types("webhooks", "list")
    assert (told.code, told.err) == (0, "")
    assert told.out == "Nobody is told anything: add an endpoint with `huifang webhooks add URL`.\n"
    assert types("webhooks", "list", "--format", "json").out == ""


def test_an_endpoint_is_added_and_its_secret_printed(types: Type) -> None:
    told = types("webhooks", "add", URL, "--name", "CRM", "--events", "response.completed, issue.opened")
    assert told.code == 0
    first, second, third = told.out.splitlines()
    assert first.endswith(f"CRM  {URL}  response.completed,issue.opened  active")
    assert second.startswith("Secret: whsec_")
    assert third == "The receiver verifies by it."
    listed = types("webhooks", "list").out
    assert listed == f"{first}\n"
    (one,) = [json.loads(line) for line in types("webhooks", "list", "--format", "json").out.splitlines()]
    assert (one["name"], one["status"], "secret" in one) == ("CRM", "active", False)


def test_lists_show_no_secret_that_an_address_holds_and_show_has_it_whole(types: Type) -> None:
    whole = "https://1.1.1.1/services/T0/B0/verysecret?key=s3cret"
    types("webhooks", "add", whole, "--name", "CRM")
    for form in ("text", "json"):
        listed = types("webhooks", "list", "--format", form).out
        assert ("https://1.1.1.1/servi…" in listed, "secret" in listed.replace("secret_number", "")) == (True, False)
        assert whole in types("webhooks", "show", "CRM", "--format", form).out
    assert types("webhooks", "show", "nobody").code == 1


def test_everything_is_the_default(types: Type) -> None:
    assert types("webhooks", "add", URL).out.splitlines()[0].endswith(f"1.1.1.1  {URL}  everything  active")


@pytest.mark.parametrize(
    ("url", "events", "why"),
    [
        ("http://1.1.1.1/", "", "url: is not encrypted; write https://, or set webhooks.allow_private"),
        ("https://192.168.1.1/", "", "url: leads to 192.168.1.1, which is private;"),
        ("nonsense", "", "url: is not a URL; write it as https://host/path"),
        (URL, "issue.exploded", "events.0 must be one of 'response.completed'"),
    ],
)
def test_what_cannot_be_an_endpoint_is_a_problem_in_one_line(types: Type, url: str, events: str, why: str) -> None:
    told = types("webhooks", "add", url, "--events", events)
    assert (told.code, told.out) == (1, "")
    (line,) = told.err.splitlines()
    assert why in line


@pytest.mark.parametrize(
    "command",
    [
        ("remove", "CRM"),
        ("rotate", "CRM"),
        ("secret", "CRM"),
        ("drop", "CRM", "1"),
        ("enable", "CRM"),
        ("disable", "CRM"),
        ("deliveries", "CRM"),
        ("replay", "CRM", "1"),
        ("test", "CRM"),
    ],
)
def test_nobody_of_that_name_is_a_problem(types: Type, command: tuple[str, ...]) -> None:
    told = types("webhooks", *command)
    assert (told.code, told.out, told.err) == (1, "", f"huifang: {NOBODY}\n")


def test_two_of_one_name_are_told_apart_by_their_ids(types: Type) -> None:
    for path in ("a", "b"):
        types("webhooks", "add", f"https://1.1.1.1/{path}", "--name", "CRM")
    assert "2 endpoints are called 'CRM'" in types("webhooks", "disable", "CRM").err
    first = types("webhooks", "list").out.split()[0]
    assert types("webhooks", "disable", first).code == 0


def test_a_secret_is_rotated(types: Type) -> None:
    before = types("webhooks", "add", URL, "--name", "CRM").out.splitlines()[1]
    first, second = types("webhooks", "rotate", "CRM").out.splitlines()
    assert first.startswith("Secret: whsec_")
    assert first != before
    assert second.endswith("the one before signs as well.")


def test_a_secret_is_printed_when_it_is_asked_for(types: Type) -> None:
    added = types("webhooks", "add", URL, "--name", "CRM").out.splitlines()[1]
    assert types("webhooks", "secret", "CRM").out == f"{added}\n"
    rotated = types("webhooks", "rotate", "CRM").out
    assert types("webhooks", "secret", "CRM").out == rotated


@pytest.fixture
def entry(desk: Path) -> str:
    """Keep an endpoint of rules.toml, as the service does; return its name."""
    (desk / "rules.toml").write_text(f'[[webhooks]]\nname = "CRM"\nurl = "{URL}"\nevents = ["issue.opened"]\n', "utf-8")
    asyncio.run(_takes_over(desk))
    return "CRM"


async def _takes_over(folder: Path) -> None:
    async with open_services(load_settings({}, cwd=folder)) as services:
        await services.hooks.keep(wanted_endpoints(services.rules.webhooks))


def test_an_endpoint_of_the_file_is_listed_and_its_secret_shown_where_it_is_asked_for(types: Type, entry: str) -> None:
    (line,) = types("webhooks", "list").out.splitlines()
    assert line.endswith(f"CRM  {URL}  issue.opened  active  rules.toml")
    assert types("webhooks", "secret", entry).out.startswith("Secret: whsec_")
    assert "whsec_" not in types("webhooks", "list", "--format", "json").out


def test_an_endpoint_of_the_file_is_removed_in_the_file_only(types: Type, entry: str) -> None:
    told = types("webhooks", "remove", entry)
    assert (told.code, told.err) == (1, f"huifang: {IN_FILE}\n")
    assert types("webhooks", "disable", entry).code == 0
    assert types("webhooks", "list").out.endswith("disabled  rules.toml\n")
    assert types("webhooks", "enable", entry).code == 0
    assert types("webhooks", "rotate", entry).code == 0


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://10.0.0.5/hook", "It leads to 10.0.0.5, which is private. Only webhooks.allow_private permits that."),
        ("http://1.1.1.1/", "It is not encrypted. Write https://, or set webhooks.allow_private."),
    ],
)
def test_the_doctor_and_the_start_refuse_an_entry_that_leads_inside(
    types: Type, desk: Path, url: str, told: str
) -> None:
    (desk / "rules.toml").write_text(f'[[webhooks]]\nname = "CRM"\nurl = "{url}"\n', "utf-8")
    seen = types("doctor")
    (line,) = [line for line in seen.out.splitlines() if "webhooks" in line]
    assert seen.code == 1
    assert line.endswith(f"rules.toml: webhooks[1].url: {told}")
    assert f"webhooks[1].url: {told}" in types("webhooks", "list").err


def test_an_endpoint_is_disabled_enabled_and_removed(types: Type) -> None:
    types("webhooks", "add", URL, "--name", "CRM")
    assert types("webhooks", "disable", "CRM").out == (
        "CRM is sent nothing until it is enabled; what happens is kept for it.\n"
    )
    assert types("webhooks", "list").out.endswith("disabled\n")
    assert types("webhooks", "enable", "CRM").out == "CRM is sent what waits for it.\n"
    assert types("webhooks", "remove", "CRM").out == "CRM is removed; nothing more is sent to it.\n"
    assert types("webhooks", "list").out.startswith("Nobody is told anything")


def test_a_test_that_does_not_arrive_is_a_problem(types: Type, dead_end: str) -> None:
    types("webhooks", "add", dead_end, "--name", "CRM")
    told = types("webhooks", "test", "CRM")
    assert (told.code, told.out) == (1, "")
    assert told.err == "huifang: the test did not arrive: no connection, or one that broke: ConnectError\n"


def test_deliveries_are_listed_and_replayed(types: Type, desk: Path) -> None:
    types("webhooks", "add", URL, "--name", "CRM")
    assert types("webhooks", "deliveries", "CRM").out == "Nothing happened yet that it listens to.\n"
    asyncio.run(_something_happens(desk))
    (line,) = types("webhooks", "deliveries", "CRM").out.splitlines()
    number, _, _, kind, subject, status = line.split()
    assert (number, kind, subject[:4], status) == ("1", "issue.opened", "iss_", "waiting")
    (one,) = types("webhooks", "deliveries", "CRM", "--format", "json").out.splitlines()
    assert json.loads(one)["type"] == "issue.opened"
    assert types("webhooks", "replay", "CRM", "1").out.startswith("issue.opened evt_")
    assert "there is no delivery 77" in types("webhooks", "replay", "CRM", "77").err
    assert "'x' is no delivery" in types("webhooks", "replay", "CRM", "x").err
    assert "there is no delivery 77" in types("webhooks", "drop", "CRM", "77").err
    assert types("webhooks", "drop", "CRM", "1").out.endswith(f"is dropped; what follows of {subject} is sent.\n")
    assert types("webhooks", "deliveries", "CRM").out == "Nothing happened yet that it listens to.\n"


async def _something_happens(folder: Path) -> None:
    async with open_services(load_settings({}, cwd=folder)) as services:
        await open_issue(services.receiver)


def test_the_doctor_finds_nothing_wrong_with_an_endpoint_that_is_well(types: Type) -> None:
    types("webhooks", "add", URL, "--name", "CRM")
    assert "webhook" not in types("doctor").out


def test_the_doctor_names_an_endpoint_that_leads_inside(types: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIFANG_WEBHOOKS__ALLOW_PRIVATE", "true")
    types("webhooks", "add", "https://10.0.0.5/hook", "--name", "CRM")
    assert "webhook" not in types("doctor").out
    monkeypatch.setenv("HUIFANG_WEBHOOKS__ALLOW_PRIVATE", "false")
    told = types("doctor")
    (line,) = [line for line in told.out.splitlines() if "webhook" in line]
    assert told.code == 1
    assert line.startswith("problem: webhook endpoint CRM (hook_")
    assert "its address leads to 10.0.0.5, which is private; only webhooks.allow_private permits that." in line
    assert line.endswith("Correct its address by PUT /api/v1/webhooks/{id}, or remove it.")


def test_the_doctor_tells_of_an_endpoint_that_the_service_disabled(types: Type, desk: Path) -> None:
    types("webhooks", "add", URL, "--name", "CRM")
    asyncio.run(_gives_up(desk))
    told = types("doctor")
    (line,) = [line for line in told.out.splitlines() if "webhook" in line]
    assert told.code == 0
    assert line.startswith("warning: webhook endpoint CRM (hook_")
    assert "it is sent nothing any more: it answered 410 Gone. Mend it, then run `huifang webhooks enable hook_" in line


async def _gives_up(folder: Path) -> None:
    async with open_services(load_settings({}, cwd=folder)) as services:
        (endpoint,) = await services.hooks.reads.endpoints()
        await services.receiver.do(
            endpoint_needs(endpoint.id), lambda context: disable_endpoint(context, endpoint.id, "it answered 410 Gone")
        )


@pytest.mark.parametrize("proxy", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_doctor_warns_of_a_proxy_that_webhooks_do_not_use(
    types: Type, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv(proxy, "http://proxy.example:3128")
    assert "webhook" not in types("doctor").out
    types("webhooks", "add", URL)
    (line,) = [line for line in types("doctor").out.splitlines() if "webhooks go out directly" in line]
    assert line.startswith(f"warning: {proxy.upper()} is set, but webhooks go out directly")
