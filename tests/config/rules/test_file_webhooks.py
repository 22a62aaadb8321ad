"""`[[webhooks]]` of the rules: who is told of what, and what is refused."""

from pathlib import Path

import pytest

from bot.channels.registry import customer_channels
from bot.handlers.outgoing.endpoint_commands import NewEndpoint
from bot.jobs.outgoing.file_webhooks import hookable, wanted_endpoints
from bot.jobs.reports.report_documents import reportable
from config.errors import ConfigErrors
from config.rules.load import read_rules
from config.settings.loading import load_settings
from config.surveys.load import read_surveys
from storage.model.outgoing.hook_records import HookEventType

URL = "https://crm.example.com/hooks/huifang"
CRM = f'[[webhooks]]\nname = "CRM"\nurl = "{URL}"\n'


def read(folder: Path, text: str, **environ: str) -> list[NewEndpoint]:
    (folder / "rules.toml").write_text(text, "utf-8")
    settings = load_settings(environ, cwd=folder)
    named = customer_channels(), reportable(), hookable(settings)
    return wanted_endpoints(read_rules(settings, read_surveys(folder), *named).webhooks)


def test_what_is_not_said_is_everything(tmp_path: Path) -> None:
    assert read(tmp_path, CRM) == [NewEndpoint("CRM", URL)]


def test_events_are_named_each_once(tmp_path: Path) -> None:
    (one,) = read(tmp_path, f'{CRM}events = ["issue.opened", "response.completed", "issue.opened"]\n')
    assert one.events == (HookEventType.ISSUE_OPENED, HookEventType.RESPONSE_COMPLETED)


@pytest.mark.parametrize("kind", [kind for kind in HookEventType if kind is not HookEventType.TEST])
def test_each_event_that_happens_can_be_named(tmp_path: Path, kind: HookEventType) -> None:
    (one,) = read(tmp_path, f'{CRM}events = ["{kind}"]\n')
    assert one.events == (kind,)


def test_several_stand_in_their_order(tmp_path: Path) -> None:
    second = CRM.replace("CRM", "lake")
    assert [one.name for one in read(tmp_path, CRM + second)] == ["CRM", "lake"]


@pytest.mark.parametrize("url", ["http://10.0.0.5:8080/hook", "http://localhost/", "https://192.168.1.1/"])
def test_where_private_addresses_are_allowed_they_may_stand_in_the_file(tmp_path: Path, url: str) -> None:
    (one,) = read(tmp_path, CRM.replace(URL, url), HUIFANG_WEBHOOKS__ALLOW_PRIVATE="true")
    assert one.url == url


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ('[[webhooks]]\nurl = "https://1.1.1.1/"\n', "webhooks[1].name", "missing"),
        ('[[webhooks]]\nname = "CRM"\n', "webhooks[1].url", "missing"),
        (CRM.replace(URL, ""), "webhooks[1].url", ""),
        (CRM.replace(URL, "crm.example.com"), "webhooks[1].url", "It is not a URL. Write it as https://host/path."),
        (CRM.replace(URL, "ftp://crm.example.com/"), "webhooks[1].url", "not the address of a web server"),
        (CRM.replace("https:", "http:"), "webhooks[1].url", "Write https://, or set webhooks.allow_private."),
        (CRM.replace("crm.", "a:b@crm."), "webhooks[1].url", "holds a name or password before the @."),
        (CRM.replace("crm.example.com", "10.0.0.1"), "webhooks[1].url", "leads to 10.0.0.1, which is private."),
        (CRM.replace("crm.example.com", "0x7f.1"), "webhooks[1].url", "leads to 127.0.0.1, which is this machine."),
        (CRM.replace("crm.example.com", "[::ffff:10.0.0.1]"), "webhooks[1].url", "which is private."),
        (CRM.replace(f'"{URL}"', "5"), "webhooks[1].url", ""),
        (f'{CRM}events = ["issue.exploded"]\n', "webhooks[1].events", "'issue.exploded' is not possible here. Write "),
        (f'{CRM}events = ["webhook.test"]\n', "webhooks[1].events", "'webhook.test' is not possible here."),
        (f"{CRM}events = []\n", "webhooks[1].events", "empty"),
        (f'{CRM}secret = "whsec_mine"\n', "webhooks[1].secret", "no such key"),
        (CRM + CRM, "webhooks[2].name", "'CRM' is the name of 2 entries."),
        (CRM.replace("[[webhooks]]", "[webhooks]"), "webhooks", "list"),
    ],
)
def test_what_is_wrong_is_refused_with_file_and_key(tmp_path: Path, text: str, key: str, problem: str) -> None:
    with pytest.raises(ConfigErrors) as refused:
        read(tmp_path, text)
    (error,) = refused.value.errors
    assert str(error).startswith(f"{tmp_path / 'rules.toml'}: {key}: ")
    assert problem.lower() in str(error).lower()
