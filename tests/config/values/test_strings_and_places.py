"""Texts, addresses, zones, days and templates of the settings: what is taken, and what is told about the rest."""

from collections.abc import Callable
from datetime import date
from ipaddress import ip_network
from pathlib import Path

import pytest

from config.errors import InvalidValue
from config.values.days import read_country, read_days, read_flag
from config.values.strings import choice_of, did_you_mean, read_id, read_line, read_user_ids, read_words
from config.values.templates import CLOSURE_PLACES, INVITATION_PLACES, template_fields
from config.values.urls_and_zones import (
    ListenAddress,
    read_database,
    read_directory,
    read_host,
    read_listen,
    read_locale,
    read_networks,
    read_url,
    read_zone,
)

FIELDS = template_fields(*INVITATION_PLACES)
Read = Callable[[object], object]


@pytest.mark.parametrize(
    ("read", "written", "means"),
    [
        (read_url, "https://huifang.example/", "https://huifang.example"),
        (read_url, " http://[::1]:8480/bot/ ", "http://[::1]:8480/bot"),
        (read_host, " 0.0.0.0 ", "0.0.0.0"),  # noqa: S104 (nothing listens here)
        (read_host, "::1", "::1"),
        (read_listen, "127.0.0.1:9480", ListenAddress("127.0.0.1", 9480)),
        (read_listen, 9480, ListenAddress("127.0.0.1", 9480)),
        (read_listen, "[::1]:9480", ListenAddress("::1", 9480)),
        (read_networks, "127.0.0.1, 10.0.0.0/8", (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"))),
        (read_networks, ["fd00::/8"], (ip_network("fd00::/8"),)),
        (read_networks, "", ()),
        (read_database, "sqlite:///var/huifang.db", "sqlite:///var/huifang.db"),
        (read_database, "sqlite:////srv/h.db", "sqlite:////srv/h.db"),
        (read_database, "postgresql://u:p@db:5432/huifang", "postgresql://u:p@db:5432/huifang"),
        (read_database, "postgresql:///huifang", "postgresql:///huifang"),
        (read_locale, "zh-Hant", "zh-Hant"),
        (read_zone, "Asia/Shanghai", "Asia/Shanghai"),
        (read_directory, "etc", Path("etc")),
        (read_flag, " TRUE ", True),
        (read_flag, False, False),
        (read_country, " cn ", "CN"),
        (read_country, "off", ""),
        (read_days, "2026-10-01, 2026-10-02", frozenset({date(2026, 10, 1), date(2026, 10, 2)})),
        (read_days, [date(2026, 10, 1), "2026-10-01"], frozenset({date(2026, 10, 1)})),
        (read_days, [], frozenset()),
        (read_id, "after_service2", "after_service2"),
        (read_line, "  售后服务 ", "售后服务"),
        (read_words, "投诉,退款,投诉", ("投诉", "退款")),
        (read_user_ids, "42, 7, 42", (42, 7)),
        (read_user_ids, 42, (42,)),
        (choice_of("polling", "webhook"), "webhook", "webhook"),
        (FIELDS, '{"thing1": "{subject}", "x": "fixed"}', {"thing1": "{subject}", "x": "fixed"}),
        (FIELDS, {"time3": "{closed_at} {agent}"}, {"time3": "{closed_at} {agent}"}),
        (template_fields(*CLOSURE_PLACES), {"thing1": "{note}"}, {"thing1": "{note}"}),
    ],
)
def test_a_value_is_read_as_an_owner_writes_it(read: Read, written: object, means: object) -> None:
    assert read(written) == means


@pytest.mark.parametrize(
    ("read", "written", "told"),
    [
        (read_url, "ftp://x", "'ftp://x' is not a web address."),
        (read_url, "https://", "'https://' is not a web address."),
        (read_url, "https://a b", "'https://a b' is not a web address."),
        (read_url, "http://a:0", "'http://a:0' is not a web address."),
        (read_url, "http://[::1", "'http://[::1' is not a web address."),
        (read_url, "http://a/#top", "has a part behind `?` or `#`"),
        (read_url, 5, "5 is not a web address."),
        (read_url, "https://ada:pw@desk.example", "The address of desk.example has a user or a password in it"),
        (read_host, "a/b", "'a/b' is not a host."),
        (read_host, 8, "8 is not a host."),
        (read_networks, "10.0.0.1/8", "'10.0.0.1/8' is no address or network."),
        (read_networks, "127.0.0.1:80", "'127.0.0.1:80' is no address or network. Write 127.0.0.1, 10.0.0.0/8"),
        (read_networks, "*", "'*' is no address or network."),
        (read_database, "sqlite://", "This is not a database address."),
        (read_database, "sqlite:///", "The file is missing."),
        (read_database, "sqlite:///:memory:", "The file is missing."),
        (read_database, "postgresql://u:secret@db", "The name of the database is missing"),
        (read_database, "postgresql://u:secret@db:x/h", "or its port is wrong"),
        (read_database, "mysql://u:secret@db/h", "'mysql' is no database we know."),
        (read_database, "huifang.db", "This is not a database address."),
        (read_database, None, "This is not a database address."),
        (read_locale, "zh", "'zh' is no language of the product. Write one of zh-Hans, zh-Hant, en."),
        (read_zone, "", "'' is not a time zone."),
        (read_zone, "Asia", "'Asia' is not a time zone."),
        (read_zone, "europe/berln", "Did you mean Europe/Berlin?"),
        (read_zone, "a\0b", "is not a time zone."),
        (read_directory, " ", "' ' is not a folder."),
        (read_directory, "a\0b", "is not a folder."),
        (read_flag, "yes", "'yes' is neither true nor false. Write true or false."),
        (read_flag, 1, "1 is neither true nor false."),
        (read_country, "CHN", "'CHN' is not a country."),
        (read_country, "C1", "'C1' is not a country."),
        (read_country, None, "None is not a country."),
        (read_days, "2026-02-30", "'2026-02-30' is in no calendar. Write a day that there is."),
        (read_days, "20261001", "'20261001' is not a day."),
        (read_days, "1.10.2026", "'1.10.2026' is not a day."),
        (read_id, "After", "'After' is not an id."),
        (read_id, "a" * 25, "is not an id."),
        (read_id, "1a", "'1a' is not an id."),
        (read_id, 7, "7 is not an id."),
        (read_line, " \t", "The text is empty."),
        (read_line, "a\nb", "holds a line break or an invisible character"),
        (read_line, "a\u202eb", "holds a line break or an invisible character"),
        (read_line, "x" * 201, "The text has 201 characters. Write at most 200."),
        (read_line, None, "None is not a text."),
        (read_user_ids, "0", "'0' is not a Telegram user id."),
        (read_user_ids, ["42", "@mei"], "'@mei' is not a Telegram user id."),
        (read_user_ids, "9" * 17, "is not a Telegram user id."),
        (choice_of("polling", "webhook"), "push", "'push' is not possible here. Write polling or webhook."),
        (choice_of("a", "b"), ["a"], "['a'] is not possible here."),
        (FIELDS, "{thing1: x}", "is not JSON."),
        (FIELDS, "[" * 100_000, "is not JSON."),
        (FIELDS, "[1]", "The fields are not a table of texts."),
        (FIELDS, {"a": 1}, "The fields are not a table of texts."),
        (FIELDS, {"thing1": "{subject"}, "Field 'thing1' has a brace without its partner."),
        (FIELDS, {"thing1": "{note}"}, "Field 'thing1' uses {note}, which nobody fills. Use {subject} {ticket}"),
        (FIELDS, {"thing1": "{}"}, "Field 'thing1' uses {}, which nobody fills."),
    ],
)
def test_a_value_that_cannot_be_is_told_with_its_fix(read: Read, written: object, told: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        read(written)
    assert told in str(wrong.value)
    assert "secret" not in str(wrong.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("delai", "Did you mean delay?"), ("DELAY", "Did you mean delay?"), ("zzz", "See the manual.")],
)
def test_the_nearest_known_word_is_offered_and_none_where_none_is_near(written: str, meant: str) -> None:
    assert did_you_mean(written, ["delay", "deadline"], "See the manual.") == meant
