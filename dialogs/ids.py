"""Ids, which are derived and not drawn, so that the same input twice is the same row; references made of them."""

from base64 import b64encode
from enum import StrEnum
from hashlib import blake2b, sha256
from hmac import digest

from scoring.values import Value

__all__ = ["Ref", "RefKind", "derive", "derive_keyed", "is_about", "ref_of"]

_BYTES = 12  # sixteen letters and digits; fits a 64-byte button with room to spare


class RefKind(StrEnum):
    """What messages and buttons may be about, and what may be due; the word with which such an id begins."""

    INVITATION = "inv"
    INTERVIEW = "int"
    ISSUE = "iss"
    CAMPAIGN = "cam"
    REQUEST = "req"
    FINDING = "fin"


class Ref(Value, order=True):
    """A reference to a thing: its kind, and its id, which says the kind once more and so is all that is stored."""

    kind: RefKind
    id: str


def ref_of(id_: str) -> Ref | None:
    """Return the reference that an id stands for; None for one of another kind, and for what is no id of ours."""
    kind = _KINDS.get(id_.partition("_")[0])
    return None if kind is None else Ref(kind, id_)


def is_about(ref: Ref | None, kind: RefKind) -> bool:
    """Return whether there is a reference, and to a thing of this kind."""
    return ref is not None and ref.kind is kind


_KINDS = {kind.value: kind for kind in RefKind}


def derive(kind: str, *parts: str | int) -> str:
    """Return the id of a thing of `kind` made from `parts`, such as `inv_4xK…`."""
    joined = "\x1f".join(str(part) for part in (kind, *parts))
    digest = blake2b(joined.encode(), digest_size=_BYTES).digest()
    return f"{kind}_{b64encode(digest, b'xX').decode()}"


def derive_keyed(key: bytes, kind: str, *parts: str | int) -> str:
    """Return such an id that nobody can compute from the parts without the key: parts may be names to be guessed.

    It is made of the id that `derive` gives (HMAC-SHA-256, its first twelve bytes).
    """
    made = digest(key, derive(kind, *parts).encode(), sha256)[:_BYTES]
    return f"{kind}_{b64encode(made, b'xX').decode()}"
