"""The files with which the product is run elsewhere say what their readers accept, and open no more than they must."""

import re
import shutil
import subprocess
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.dockerfile import build_steps
from tests.house.tree import ROOT
from tests.support.shared import missing

Composed = dict[str, Any]
UNIT = ROOT / "docs" / "deploy" / "huifang.service"


@pytest.fixture(scope="module")
def composed() -> Composed:
    read: Composed = import_module("yaml").safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return read


def test_the_container_runs_as_nobody_of_importance_and_is_asked_whether_it_is_well() -> None:
    *_, last = build_steps(ROOT / "Dockerfile")
    by_name = {step.instruction: step.rest for step in last}
    assert by_name["USER"] == "10001"
    assert "/healthz" in by_name["HEALTHCHECK"]
    assert by_name["CMD"] == '["run"]'


def test_the_builder_is_given_what_is_copied_and_nothing_else() -> None:
    built, _ = build_steps(ROOT / "Dockerfile")
    copied = {name for step in built if step.instruction == "COPY" for name in step.rest.split()[:-1]}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {name[1:] for name in ignored if name.startswith("!")} == copied
    assert "*" in ignored


def test_what_the_package_asks_for_is_what_is_locked() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    locked = (ROOT / "requirements" / "run.in").read_text(encoding="utf-8").splitlines()
    assert sorted(asked) == sorted(line.replace('"', "'") for line in locked if line and not line.startswith("#"))


def test_composed_it_writes_only_answers_and_listens_on_this_machine_only(composed: Composed) -> None:
    service = composed["services"]["huifang"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    written = [volume for volume in service["volumes"] if not volume.endswith(":ro")]
    assert written == ["answers:/srv/huifang/var"]


def test_composed_the_database_server_is_there_on_demand_and_has_no_password_in_the_file(
    composed: Composed,
) -> None:
    postgres = composed["services"]["postgres"]
    assert postgres["profiles"] == ["postgres"]
    assert "ports" not in postgres
    assert not any(key.endswith("PASSWORD") for key in postgres["environment"])


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        missing("systemd is not installed")
    unit = tmp_path / UNIT.name
    unit.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text(encoding="utf-8")))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],  # noqa: S607 (wherever it is)
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_unit_hands_out_the_settings_that_only_root_reads() -> None:
    """The page has them laid down for root only, and a dynamic user is not root."""
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    (laid,) = re.findall(r"install -D -m 600 huifang\.toml (\S+)", page)
    unit = UNIT.read_text(encoding="utf-8")
    (read,) = re.findall(r"^ExecStart=.* --config (\S+)$", unit, re.MULTILINE)
    given = dict(re.findall(r"^LoadCredential=([^:\s]+):(\S+)$", unit, re.MULTILINE))
    assert given[read.removeprefix("%d/")] == laid


def test_the_unit_gives_the_service_no_rights_and_no_secret() -> None:
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    for line in ("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet="):
        assert line in lines
    assert not any(re.match(r"Environment=.*(TOKEN|SECRET|KEY)[^=]*=(?!%d)", line) for line in lines)
