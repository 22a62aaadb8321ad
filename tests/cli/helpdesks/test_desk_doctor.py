"""`huifang doctor` reads a signed sample of each help desk that is set, and says what it understood."""

from pathlib import Path

import pytest

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.descriptor import ConnectorOptions
from bot.connectors.sample_check import read_samples
from bot.process.system import SystemClock
from tests.support.commands import huifang
from tests.support.helpdesks import SHEETS
from tests.support.helpdesks.sheets import GENERIC_PATHS

SAMPLES = {
    "zammad": "zammad/22001, closed, of 17",
    "chatwoot": "chatwoot/1, closed, of 17",
    "zendesk": "zendesk/1, closed, of 17",
    "github": "github/octo/shop#1, closed, of sample",
    "gitlab": "gitlab/octo/shop#1, closed, of 17",
    "jira": "jira/SUP-1, closed, of 17",
    "freescout": "freescout/1, closed, of 17",
    "osticket": "osticket/100001, closed, of 17",
    "generic": "generic/1, closed, of 17",
}


@pytest.mark.parametrize("name", list(CONNECTORS))
def test_each_sample_is_proved_and_understood(name: str) -> None:
    options = {name: ConnectorOptions((SHEETS[name].secret, "another-one-0815-4711"))}
    (found,) = read_samples(options, SystemClock().now())
    assert (found.name, found.is_understood) == (name, True)
    assert SAMPLES.get(name, "freshdesk/1, closed, of ") in found.told


def test_where_no_secret_is_set_nothing_is_told() -> None:
    assert list(read_samples({name: ConnectorOptions() for name in CONNECTORS}, SystemClock().now())) == []


def test_paths_of_a_companys_own_do_not_matter_to_the_sample() -> None:
    options = {"generic": ConnectorOptions((SHEETS["generic"].secret,), paths=GENERIC_PATHS)}
    (found,) = read_samples(options, SystemClock().now())
    assert found.is_understood


async def test_the_doctor_tells_it_in_a_line_each(tmp_path: Path) -> None:
    settings = {f"hooks.{name}.secret": SHEETS[name].secret for name in ("zammad", "jira")}
    told = await huifang(tmp_path, settings, "doctor")
    lines = [line for line in told.out.splitlines() if line.startswith("info: ")]
    assert told.code == 0
    assert lines == [
        "info: hooks.zammad: a signed sample is understood as zammad/22001, closed, of 17.",
        "info: hooks.jira: a signed sample is understood as jira/SUP-1, closed, of 17.",
    ]
    assert (await huifang(tmp_path, settings, "deliveries")).out == "Nothing came yet.\n"


async def test_an_info_is_no_problem(tmp_path: Path) -> None:
    told = await huifang(tmp_path, {"hooks.zammad.secret": SHEETS["zammad"].secret}, "doctor")
    others = [line for line in told.out.splitlines() if not line.startswith("info: ")]
    assert others in ([], ["No problems found."]) or all(line.startswith("warning: ") for line in others)
