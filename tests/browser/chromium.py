"""A headless Chromium, one for all workers of a test run: on a free port, with an empty profile, gone with the run."""

import os
import shutil
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from tests.support.shared import detached, ended_with_run, missing, once

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


def running_chromium(binary: str | None) -> str:
    """Return the address of the run's browser, its debugging socket; without a binary skip, or fail under CI."""
    if binary is None:
        missing("Chromium is not installed here (Debian: apt-get install chromium)")
    return once("chromium", partial(_start, binary))


def _start(binary: str, profile: Path) -> str:
    # Its own sandbox needs what root, and most containers, do not give.
    command = [binary, *QUIET, "--no-sandbox", f"--user-data-dir={profile}", "about:blank"]
    environ = {**os.environ, "HOME": str(profile)}  # caches and crash reports go with the profile
    ended_with_run(profile, detached(command, profile / "said", environ), signal.SIGKILL)
    told, until = profile / "DevToolsActivePort", time.monotonic() + STARTS_WITHIN
    while not (told.exists() and "\n" in (text := told.read_text())):
        if time.monotonic() > until:
            pytest.fail(f"Chromium does not start:\n{(profile / 'said').read_text(errors='replace')}")
        time.sleep(0.02)
    port, path = text.split("\n")[:2]
    return f"ws://127.0.0.1:{port}{path}"
