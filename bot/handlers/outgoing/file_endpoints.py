"""Endpoints of the owner's rules.toml: added, changed and removed with their entries."""

from collections.abc import Iterable

from bot.handlers.common.context import DecisionContext
from bot.handlers.outgoing.endpoint_commands import NewEndpoint, audited_endpoint, ended_endpoint
from dialogs.ids import derive
from scoring.values import replace
from storage.model.outgoing.hook_records import RULES_ORIGIN, EndpointStatus, HookEndpoint
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["file_endpoint_id", "file_endpoint_needs", "keep_endpoints"]

_BY = "rules.toml"


def file_endpoint_id(name: str) -> str:
    """Return the id of an entry: the same in every process, and whatever its address is."""
    return derive("hook", _BY, name)


def file_endpoint_needs(entries: Iterable[NewEndpoint], known: Iterable[str]) -> Needs:
    """Return the need for the endpoints of these entries and for those `known` from the file before."""
    return Needs(hook_endpoints=frozenset(file_endpoint_id(entry.name) for entry in entries).union(known))


def keep_endpoints(
    context: DecisionContext, entries: Iterable[NewEndpoint], known: Iterable[str]
) -> Decision[tuple[str, ...]]:
    """Add, change and remove endpoints until they match the entries; return those that are removed.

    Whether one is enabled, and which of its secrets signs, is not the file's to say.
    """
    wanted = {file_endpoint_id(entry.name): entry for entry in entries}
    changes = Changes()
    for id_, entry in wanted.items():
        changes += _kept(context, id_, entry)
    found = [context.snapshot.hook_endpoint(id_) for id_ in sorted(set(known) - wanted.keys())]
    gone = [one for one in found if one is not None and one.state is not EndpointStatus.REMOVED]
    for one in gone:
        changes += ended_endpoint(context, one, _BY)[0]
    return Decision(changes, tuple(one.id for one in gone))


def _kept(context: DecisionContext, id_: str, entry: NewEndpoint) -> Changes:
    before = context.snapshot.hook_endpoint(id_)
    blank = before or HookEndpoint(id_, entry.name, entry.url, context.now, origin=RULES_ORIGIN)
    said = replace(blank, name=entry.name, url=entry.url, events=tuple(dict.fromkeys(entry.events)))
    if before is None or before.state is EndpointStatus.REMOVED:
        fresh = replace(said, state=EndpointStatus.ACTIVE, created_at=context.now)
        return audited_endpoint(context, fresh, _BY, "added")[0]
    return Changes() if said == before else audited_endpoint(context, said, _BY, "changed")[0]
