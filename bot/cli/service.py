"""`huifang run`, `migrate`, `doctor`, `draw`, `completion`."""

import argparse
import os
from pathlib import Path

from bot.cli.common import Commands, Options, add_command, settings_of
from bot.process.interrupts import run_interruptible
from dialogs.campaign.machine import CAMPAIGN
from dialogs.exclusion.machine import EXCLUSION
from dialogs.improvement.machine import FINDING
from dialogs.interview.machine import INTERVIEW
from dialogs.invitation.machine import INVITATION
from dialogs.issue.machine import ISSUE
from dialogs.machine import diagrams_page
from dialogs.outbox.machine import OUTBOX

__all__ = ["add_to"]

MACHINES = (INVITATION, INTERVIEW, EXCLUSION, ISSUE, FINDING, CAMPAIGN, OUTBOX)


def add_to(commands: Commands) -> None:
    """Add the commands `run`, `migrate`, `doctor`, `draw` and `completion`."""
    run = add_command(commands, "run", "run the service", _run)
    run.add_argument("--roles", type=_roles, help="some of web,poll,send,tick; all by default")
    run.add_argument("--sandbox", action="store_true", help="play in the sandbox; nothing is sent to anybody")
    add_command(commands, "migrate", "bring the database schema up to date", _migrate)
    doctor = add_command(commands, "doctor", "check settings, database, credentials", _doctor)
    doctor.add_argument("--verify", action="store_true", help="check every row of the database against the promises")
    add_command(commands, "draw", "print the state machines as Mermaid", _draw)
    completion = add_command(commands, "completion", "print what lets a shell complete these commands", _completion)
    completion.add_argument("shell", choices=("bash", "zsh", "fish"))


def _run(options: Options) -> None:
    from bot.app import ROLES, serve  # noqa: PLC0415 (slow, see the package)

    serve(settings_of(options), options.roles or ROLES, sandbox=options.sandbox)


def _migrate(options: Options) -> None:
    from storage.connection.migrate import upgrade  # noqa: PLC0415 (slow, see the package)

    url = settings_of(options).database.url.get_secret_value()
    run_interruptible(lambda: upgrade(url))
    print("The database is up to date.")


def _completion(options: Options) -> None:
    from argcomplete.shell_integration import shellcode  # noqa: PLC0415 (only for this)

    print(shellcode(["huifang"], shell=options.shell), end="")


def _doctor(options: Options) -> int:
    from bot.cli.doctor import INFO, PROBLEM, examine_all  # noqa: PLC0415 (slow, see the package)

    if options.verify:
        return _verify(options)
    findings = run_interruptible(lambda: examine_all(os.environ, options.config, Path.cwd()))
    for finding in findings:
        print(finding)
    if all(finding.level == INFO for finding in findings):
        print("No problems found.")
    return int(any(finding.level == PROBLEM for finding in findings))


def _verify(options: Options) -> int:
    from bot.process.system import SystemClock  # noqa: PLC0415 (slow, see the package)
    from storage.verification.verify import verify_database  # noqa: PLC0415 (as above)

    url = settings_of(options).database.url.get_secret_value()
    found = run_interruptible(lambda: verify_database(url, SystemClock().now()))
    if not found.promises:
        print("problem: there is no database there, and nothing was checked: look at database.url.")
        return 1
    for violation in found.violations:
        print(f"problem: {violation}")
    number = f"{found.number or 'No'} violation{'' if found.number == 1 else 's'}"
    print(f"{number} found. Checked: {found.promises} promises, {sum(found.rows.values())} rows.")
    for table, count in found.rows.items():
        if count:
            print(f"{count:>10}  {table}")
    return int(bool(found.violations))


def _draw(_options: Options) -> None:
    print(diagrams_page(MACHINES), end="")


def _roles(text: str) -> tuple[str, ...]:
    from bot.app import ROLES  # noqa: PLC0415 (slow, see the package)

    roles = tuple(role.strip() for role in text.split(","))
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown role {unknown[0]!r}; choose from {', '.join(ROLES)}")
    return roles
