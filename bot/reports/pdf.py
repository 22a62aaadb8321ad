"""Prints a page as PDF by Chromium, where the machine has one."""

import os
import subprocess
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

__all__ = ["FormatUnavailableError", "print_page"]

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SECONDS = 60
_ELSE = "ask for html, which prints well on A4 from any browser"


class FormatUnavailableError(Exception):
    """A report cannot be written in this format here; says what is missing and what to do."""


def print_page(content: bytes) -> bytes:
    """Return a page of HTML as PDF on A4. Raises FormatUnavailableError where no Chromium is, or where it fails."""
    browser = next(filter(None, map(which, _BROWSERS)), None)
    if browser is None:
        raise FormatUnavailableError(
            f"a PDF is printed by Chromium, and none of {', '.join(_BROWSERS)} is here; {_ELSE}"
        )
    with TemporaryDirectory() as folder:
        page, printed = Path(folder, "report.html"), Path(folder, "report.pdf")
        page.write_bytes(content)
        said = _print(browser, page, printed)
        if not printed.exists():
            raise FormatUnavailableError(f"the PDF was not printed by {browser}: {said}; {_ELSE}")
        return printed.read_bytes()


def _print(browser: str, page: Path, printed: Path) -> str:
    """Print a page, and return what the browser said last.

    As root Chromium runs without its sandbox only; the page is our own and runs no script.
    """
    options = ["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-pdf-header-footer", "--no-first-run"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    own = [f"--user-data-dir={page.parent / 'profile'}", f"--print-to-pdf={printed}", page.as_uri()]
    try:
        done = subprocess.run(  # noqa: S603 (a fixed program, and file names that we made)
            [browser, *options, *own], capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"nothing within {_SECONDS} s"
    return done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
