"""What `huifang connect` and `huifang doctor` say of writing into tickets, and what is wrong in its settings."""

from pathlib import Path

import pytest

from bot.connectors.connector_registry import CONNECTORS
from tests.support.commands import huifang
from tests.support.helpdesks.vendors import FAKE_DESKS, FakeZammad

WRITABLE = [name for name, connector in CONNECTORS.items() if connector.api is not None]


def test_there_is_a_fake_of_each_help_desk_that_is_written_to() -> None:
    assert set(WRITABLE) == set(FAKE_DESKS)


@pytest.mark.parametrize("name", WRITABLE)
async def test_the_clicks_to_a_token_and_the_settings_are_printed(name: str, tmp_path: Path) -> None:
    printed = (await huifang(tmp_path, {}, "connect", name)).out
    _, found, writing = printed.partition("To have huifang write into")
    assert found
    assert "1. " in writing
    assert 'api_token = "…"' in writing
    assert ("# notes = true" in writing) == (name != "github")
    assert ('api_url = "https://' in writing) == (name not in ("github", "gitlab"))


@pytest.mark.parametrize(
    ("name", "placeholder"),
    [
        ("osticket", "%{ticket.number}"),
        ("zammad", "#{ticket.number}"),
        ("zendesk", "{{ticket.id}}"),
        ("generic", "TICKET"),
    ],
)
async def test_a_line_for_signatures_has_the_help_desks_own_placeholder(
    name: str, placeholder: str, tmp_path: Path
) -> None:
    settings = {"http.public_url": "https://ask.example.com", "locale": "en"}
    printed = (await huifang(tmp_path, settings, "connect", name)).out
    assert f"open this link: https://ask.example.com/b/for/{name}?ticket={placeholder}\n" in printed
    assert f'<img src="https://ask.example.com/b/for/{name}.png?ticket={placeholder}"' in printed


@pytest.mark.parametrize("name", ["github", "gitlab"])
async def test_who_has_no_templates_gets_no_line(name: str, tmp_path: Path) -> None:
    assert "/b/for/" not in (await huifang(tmp_path, {}, "connect", name)).out


async def test_the_doctor_says_whether_the_token_is_taken(tmp_path: Path) -> None:
    async with FakeZammad().serve() as zammad:
        told = await huifang(tmp_path, zammad.given, "doctor")
        assert f"info: hooks.zammad.api_token: it is taken at {zammad.url}." in told.out
        wrong = await huifang(tmp_path, zammad.given | {"hooks.zammad.api_token": "wrong-token-0815"}, "doctor")
    assert wrong.code == 1
    assert "problem: hooks.zammad.api_token: zammad answered HTTP 401. Compare hooks.zammad.api_url" in wrong.out
    assert "wrong-token-0815" not in wrong.out + wrong.err
    away = await huifang(tmp_path, zammad.given, "doctor")
    assert f"problem: hooks.zammad.api_token: zammad gave no answer at {zammad.url}: no connection" in away.out


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("zammad", "https://zammad.example.com"),
        ("chatwoot", "https://chat.example.com/api/v1/accounts/1"),
        ("zendesk", "https://example.zendesk.com"),
        ("freshdesk", "https://example.freshdesk.com"),
        ("jira", "https://example.atlassian.net"),
        ("freescout", "https://desk.example.com"),
    ],
)
async def test_the_address_of_an_api_is_shown_in_the_form_it_has_there(name: str, address: str, tmp_path: Path) -> None:
    told = await huifang(tmp_path, {}, "connect", name)
    assert f'    api_url = "{address}"\n    api_token = "…"' in told.out


@pytest.mark.parametrize("name", ["github", "gitlab"])
async def test_where_the_vendor_runs_one_for_all_no_address_is_asked_for(name: str, tmp_path: Path) -> None:
    told = await huifang(tmp_path, {}, "connect", name)
    assert "api_url" not in told.out
    assert 'api_token = "…"' in told.out


async def test_a_token_without_an_address_is_a_warning(tmp_path: Path) -> None:
    told = await huifang(tmp_path, {"hooks.zammad.api_token": "token-of-zammad-51fa"}, "doctor")
    assert "hooks.zammad.api_url: It is missing, so nothing is written into tickets." in told.out


@pytest.mark.parametrize(("key", "value"), [("tag", "csat-low"), ("notes", "true"), ("reopen", "true")])
async def test_what_does_nothing_without_a_token_is_a_warning(key: str, value: str, tmp_path: Path) -> None:
    told = await huifang(tmp_path, {f"hooks.zammad.{key}": value}, "doctor")
    assert f"hooks.zammad.{key}: It does nothing, since hooks.zammad.api_token is not set." in told.out


async def test_a_token_that_goes_in_the_clear_is_a_warning(tmp_path: Path) -> None:
    given = {"hooks.jira.api_token": "li@help.example:t0ken", "hooks.jira.api_url": "http://jira.invalid"}
    told = await huifang(tmp_path, given, "doctor")
    assert "http://jira.invalid is not https, and the token is sent there." in told.out


async def test_github_has_no_notes(tmp_path: Path) -> None:
    told = await huifang(tmp_path, {"hooks.github.notes": "true"}, "doctor")
    assert told.code == 1
    assert "HOOKS__GITHUB__NOTES" in told.out + told.err
