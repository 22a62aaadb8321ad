"""Draws a machine as Mermaid: what the documentation shows is the table itself."""

from typing import Any

from dialogs.machine import Machine

__all__ = ["document", "mermaid"]


def mermaid(machine: Machine[Any, Any]) -> str:
    """Return a machine's state diagram."""
    arrows = (f"    {row.source} --> {row.target}: {row.label}" for row in machine.rows)
    ends = (f"    {state} --> [*]" for state in _final(machine))
    return "\n".join(("stateDiagram-v2", f"    [*] --> {machine.initial}", *arrows, *ends))


def document(machines: tuple[Machine[Any, Any], ...]) -> str:
    """Return a page of Markdown with every machine's drawing."""
    head = "# The state machines\n\nPrinted by `make draw` from the tables in `dialogs/`; `event [guard] / action`.\n"
    parts = (f"\n## {machine.name}\n\n```mermaid\n{mermaid(machine)}\n```\n" for machine in machines)
    return head + "".join(parts)


def _final(machine: Machine[Any, Any]) -> list[str]:
    """Return the states without a way out, in the order in which they are reached."""
    leaving = {row.source for row in machine.rows if row.target is not row.source}
    return list(dict.fromkeys(row.target.value for row in machine.rows if row.target not in leaving))
