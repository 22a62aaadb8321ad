"""A headless Chromium of our own: found, started on a free port with an empty profile, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

__all__ = ["find_chromium", "running_chromium"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--headless --remote-debugging-port=0 --no-first-run --no-default-browser-check --disable-gpu --mute-audio"
    " --disable-background-networking --disable-component-update --disable-extensions --disable-sync --no-proxy-server"
    " --disable-dev-shm-usage --password-store=basic --use-mock-keychain --hide-scrollbars --force-color-profile=srgb"
).split()
STARTS_WITHIN = 30.0  # seconds; the first start on a cold disk


def find_chromium() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def running_chromium(binary: str | None) -> Iterator[str]:
    """Return the address of a browser's debugging socket; without a binary skip, or fail under CI."""
    if binary is None:
        _missing("Chromium is not installed here (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory(prefix="huifang-chromium-", ignore_cleanup_errors=True) as profile:
        # Its own sandbox needs what root, and most containers, do not give.
        command = [binary, *QUIET, "--no-sandbox", f"--user-data-dir={profile}", "about:blank"]
        with (Path(profile) / "said").open("wb") as said:
            environ = {**os.environ, "HOME": profile}  # caches and crash reports go with the profile
            browser = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=environ)
        try:
            yield _address(Path(profile), browser)
        finally:
            browser.kill()
            browser.wait()


def _address(profile: Path, browser: "subprocess.Popen[bytes]") -> str:
    """Wait for the file in which Chromium tells its port and socket."""
    told, until = profile / "DevToolsActivePort", time.monotonic() + STARTS_WITHIN
    while not (told.exists() and "\n" in (text := told.read_text())):
        if browser.poll() is not None or time.monotonic() > until:
            pytest.fail(f"Chromium does not start:\n{(profile / 'said').read_text(errors='replace')}")
        time.sleep(0.02)
    port, path = text.split("\n")[:2]
    return f"ws://127.0.0.1:{port}{path}"


def _missing(why: str) -> NoReturn:
    if os.environ.get("CI") in {"true", "1"}:
        pytest.fail(f"{why}; under CI every part has to be there")
    pytest.skip(why)
