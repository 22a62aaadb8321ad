"""What imports name that was there already: as long as one names it, taking another one back leaves it.

Of what is named only a hash is kept, since a claim outlives a person's erasure.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Text, bindparam, delete, exists, select
from sqlalchemy.sql.dml import UpdateBase

from storage.connection.codec import TABLES
from storage.connection.session import Session, Write
from storage.dialects import InputRows, among
from storage.model.import_records import ImportState, NamedRecord
from storage.schema.literals import text_literal
from storage.schema.register_tables import import_chunks, import_claims, imports

__all__ = ["LEFT_BY_OTHERS", "NAMED_BY_OTHERS", "claim_records", "drop_claims", "imports_with_rest", "others_claims"]

_claim = import_claims.c
NAMED_BY_OTHERS = select(_claim.hash, _claim.told).where(
    among("hashes", _claim.hash), _claim["import"] != bindparam("own", type_=Text())
)
LEFT_BY_OTHERS = (
    select(imports.c.id)
    .where(
        imports.c.state == text_literal(ImportState.UNDONE), exists().where(import_chunks.c["import"] == imports.c.id)
    )
    .order_by(imports.c.id)
)


def _store(rows: InputRows) -> UpdateBase:
    statement = rows.insert({column.name: rows.c[column.name] for column in import_claims.columns})
    both = _claim.told + text_literal(" ") + statement.excluded.told
    return statement.on_conflict_do_update(index_elements=["hash", "import"], set_={"told": both})


_STORE = Write(import_claims, tuple(import_claims.columns), _store)
_DROP = Write(
    import_claims,
    (_claim["import"],),
    lambda rows: delete(import_claims).where(_claim["import"] == rows.c["import"]),
)


async def claim_records(session: Session, import_: str, named: Iterable[NamedRecord]) -> None:
    """Store that an import names these records, with the fields that it tells of them."""
    told: dict[str, set[str]] = {}
    for kind, key, names in named:
        told.setdefault(_hash(TABLES[kind].name, key), set()).update(names)
    await session.write(_STORE, [(hash_, import_, " ".join(sorted(names))) for hash_, names in told.items()])


async def drop_claims(session: Session, import_: str) -> None:
    """Forget what an import has named."""
    await session.write(_DROP, [(import_,)])


async def others_claims(
    session: Session, import_: str, table: str, keys: Sequence[Sequence[Any]]
) -> Mapping[tuple[Any, ...], frozenset[str]]:
    """Return which of these keys of a table other imports name, each with the fields that they tell."""
    by_hash = {_hash(table, key): tuple(key) for key in keys}
    found = await session.fetch(NAMED_BY_OTHERS, hashes=sorted(by_hash), own=import_) if by_hash else []
    claimed: dict[tuple[Any, ...], frozenset[str]] = {}
    for hash_, told in found:
        key = by_hash[hash_]
        claimed[key] = claimed.get(key, frozenset()) | frozenset(told.split())
    return claimed


async def imports_with_rest(session: Session) -> list[str]:
    """Return the imports that were taken back but for something that was in use then."""
    return [id_ for (id_,) in await session.fetch(LEFT_BY_OTHERS)]


def _hash(table: str, key: Sequence[Any]) -> str:
    return sha256(msgspec.json.encode([str(table), *key])).hexdigest()[:32]
