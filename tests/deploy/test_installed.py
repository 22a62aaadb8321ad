"""The image's own install steps, done in an empty folder: the product runs from there with nothing else to write to."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.deploy.dockerfile import build_steps, carry_out, runtime_settings
from tests.house.tree import ROOT
from tests.support.ports import reserved_port
from tests.support.time.patience import PATIENCE

NOBODY = 65534
"""The user of the image has a number of its own; here it is the one that every Linux has for nobody."""
MEMORY = Path("/dev/shm")  # noqa: S108 (a tmpfs, as the image's `var/` may be one)


@pytest.fixture(scope="module")
def image() -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Build what the image holds; yield its environment's folder and variables. Nobody may write there."""
    folder = Path(tempfile.mkdtemp(prefix="huifang-image-", dir="/var/tmp"))
    build, home = folder / "build", folder / "home"
    build.mkdir()
    built, last = build_steps(ROOT / "Dockerfile")
    carry_out(built, ROOT, build, home)
    shutil.rmtree(build)
    subprocess.run(["chmod", "-R", "a-w,a+rX", str(folder)], check=True)  # noqa: S607 (two words of ours)
    yield home, runtime_settings(last, home)
    subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)  # noqa: S607 (as above)
    shutil.rmtree(folder)


def unprivileged(command: Sequence[str]) -> list[str]:
    """Return a command as somebody runs it who owns nothing."""
    drops = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return [*(drops if os.geteuid() == 0 else []), *command]


@pytest.mark.proof
@pytest.mark.long
def test_whatever_stands_beside_the_code_is_installed_with_it(image: tuple[Path, Mapping[str, str]]) -> None:
    home, _ = image
    (installed,) = home.glob("lib/python*/site-packages")
    packages = ("bot", "config", "dialogs", "docs", "scoring", "storage")

    def files(root: Path) -> set[str]:
        found = (file for package in packages for file in (root / package).rglob("*") if file.is_file())
        return {str(file.relative_to(root)) for file in found if "__pycache__" not in file.parts}

    assert files(installed) == files(ROOT)


@pytest.mark.proof
@pytest.mark.long
def test_it_serves_as_an_unprivileged_user_of_a_read_only_tree(image: tuple[Path, Mapping[str, str]]) -> None:
    home, variables = image
    place = Path(tempfile.mkdtemp(prefix="huifang-var-", dir=MEMORY))
    place.chmod(0o755)
    folder = place / "work"
    folder.mkdir()
    (place / "answers").mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(place / "answers", NOBODY, NOBODY)
    (folder / "var").symlink_to(place / "answers")
    folder.chmod(0o555)
    with reserved_port() as port:
        settings = {"HUIFANG_HTTP__PORT": str(port), "HOME": "/nonexistent"}
        command = unprivileged([str(home / "bin" / "huifang"), "run"])
        process = subprocess.Popen(
            command, cwd=folder, env={**variables, **settings}, stderr=subprocess.PIPE, text=True
        )
        try:
            assert _answers(port, process) == 200
        finally:
            process.terminate()
            _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert "listening on http://0.0.0.0" in said
    assert (place / "answers" / "huifang.db").exists()
    folder.chmod(0o755)
    shutil.rmtree(place)


def _answers(port: int, process: "subprocess.Popen[str]") -> int:
    """Return what `/readyz` answers with, once it does."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            with closing(connection):
                connection.request("GET", "/readyz")
                return connection.getresponse().status
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)
