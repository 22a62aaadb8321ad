"""Each setting that owners rely on is there with its default, and the printed documents tell what the models say."""

import re
from pathlib import Path

import pytest

from config.settings.catalog import KEYS
from config.settings.loading import load_settings
from config.settings.reference import EXAMPLE, PAGE, example_file, reference_page
from tests.house.tree import ROOT

RELIED_ON = {
    "files.directory": ".",
    "database.url": "sqlite:///var/huifang.db",
    "http.host": "127.0.0.1",
    "http.port": "8480",
    "http.public_url": "http://127.0.0.1:8480",
    "http.proxies": "",
    "http.connections": "1000",
    "http.connections_per_address": "256",
    "http.docs": "true",
    "api.keys": "",
    "metrics.listen": "",
    "traces.endpoint": "",
    "backup.at": "off",
    "backup.keep": "14",
    "locale": "zh-Hans",
    "timezone": "Asia/Shanghai",
    "survey.default": "after_service",
    "survey.delay": "30m",
    "survey.deadline": "24h",
    "survey.quiet_hours": "21:00-09:00",
    "survey.business_hours": "off",
    "survey.business_days": "false",
    "survey.reminder_after": "12h",
    "survey.expires_after": "72h",
    "survey.quarantine": "7d",
    "survey.ask_contact": "off",
    "survey.test_customers": "",
    "calendar.country": "CN",
    "calendar.holidays": "",
    "calendar.workdays": "",
    "alerts.rating_at_or_below": "2",
    "alerts.mean_below": "3.0",
    "alerts.words": (
        "投诉,退款,12315,曝光,起诉,威胁,危险,泄露,complaint,refund,lawyer,journalist,threat,dangerous,privacy"
    ),
    "alerts.by_reading": "true",
    "alerts.settle": "60s",
    "alerts.claim_within": "4h",
    "alerts.check_within": "3d",
    "alerts.close_out": "off",
    "alerts.recurring": "",
    "alerts.recurring_within": "7d",
    "alerts.tiers": "vip",
    "alerts.call_after": "3",
    "alerts.call_within": "90d",
    "alerts.takeover_after": "12h",
    "alerts.resolve_within": "24h",
    "alerts.escalate_to": "",
    "team.locale": "",
    "team.working_hours": "off",
    "team.digest": "weekly mon 09:00",
    "team.targets": "",
    "team.fiscal_year_from": "",
    "team.warn_after": "75",
    "watch.at": "daily 09:00",
    "watch.bucket": "week",
    "watch.after": "4d",
    "watch.baseline": "12",
    "watch.fewest": "10",
    "telegram.token": "",
    "telegram.api_base": "https://api.telegram.org",
    "telegram.mode": "polling",
    "telegram.webhook_secret": "",
    "telegram.proxy": "",
    "telegram.rate": "30",
    "telegram.chat_rate": "1",
    "telegram.chat_burst": "5",
    "telegram.group_rate": "20",
    "telegram.team_chat": "",
    "telegram.leave_other_groups": "false",
    "telegram.admins": "",
    "hooks.secret": "",
    **{
        f"hooks.{connector}.{key}": ""
        for key in ("secret", "chat_fields", "closed_states")
        for connector in (
            *("chatwoot", "zammad", "zendesk", "freshdesk", "jira", "gitlab", "github", "freescout", "osticket"),
            "generic",
        )
    },
    **{
        f"hooks.{desk}.{key}": default
        for desk in ("chatwoot", "zammad", "zendesk", "freshdesk", "jira", "gitlab", "github", "freescout")
        for key, default in {
            "api_url": "",
            "api_token": "",
            "invite": "true",
            "tag": "",
            "reopen": "false",
            **({} if desk == "github" else {"notes": "false"}),
            **({"api_user": ""} if desk == "freescout" else {}),
        }.items()
    },
    "hooks.generic.paths": "",
    "webhooks.allow_private": "false",
    "wechat.app_id": "",
    "wechat.app_secret": "",
    "wechat.token": "",
    "wechat.aes_key": "",
    "wechat.api_base": "https://api.weixin.qq.com",
    "wechat.menu": "auto",
    "wechat.template_id": "",
    "wechat.template_fields": "",
    "wechat.subscribe_template_id": "",
    "wechat.subscribe_template_fields": "",
    "wecom.robot_url": "",
    "wecom.on_call": "",
    "notify.urls": "",
    "privacy.company": "",
    "privacy.url": "",
    "privacy.contact": "",
    "privacy.version": "1",
    "retention.texts": "365d",
    "retention.contacts": "180d",
    "retention.messages": "90d",
    "retention.deliveries": "30d",
    "retention.timeline": "365d",
    "retention.reports": "1825d",
    "retention.assessments": "1825d",
    "retention.published": "3650d",
    "retention.webhooks": "30d",
}


def test_the_settings_are_those_that_owners_rely_on() -> None:
    assert set(KEYS) == set(RELIED_ON)


@pytest.mark.parametrize("name", sorted(RELIED_ON))
def test_a_setting_has_the_default_that_owners_rely_on(name: str) -> None:
    assert str(KEYS[name].default or "") == RELIED_ON[name]


def test_the_variables_are_named_after_the_settings() -> None:
    names = ("http.public_url", "hooks.zendesk.secret", "locale")
    variables = ["HUIFANG_HTTP__PUBLIC_URL", "HUIFANG_HOOKS__ZENDESK__SECRET", "HUIFANG_LOCALE"]
    assert [KEYS[name].variable for name in names] == variables


def test_each_setting_says_what_it_means() -> None:
    assert [name for name, key in KEYS.items() if not key.meaning] == []


@pytest.mark.parametrize(
    ("path", "printed"), [(PAGE, reference_page()), (EXAMPLE, example_file())], ids=["page", "example"]
)
def test_the_printed_documents_are_up_to_date(path: Path, printed: str) -> None:
    assert (ROOT / path).read_text("utf-8") == printed, "run: python -m config.settings.reference"


def test_the_example_changes_nothing_until_it_is_edited() -> None:
    assert load_settings({}, ROOT / EXAMPLE) == load_settings({})


def test_the_example_with_every_line_taken_in_is_the_defaults(tmp_path: Path) -> None:
    text, lines = re.subn(r"^# ([a-z_.]+ = )", r"\1", example_file(), flags=re.MULTILINE)
    (tmp_path / "huifang.toml").write_text(text, "utf-8")
    assert lines == len(KEYS)
    (tmp_path / "empty.toml").touch()
    assert (
        load_settings({}, None, tmp_path).model_dump() == load_settings({}, Path("empty.toml"), tmp_path).model_dump()
    )
