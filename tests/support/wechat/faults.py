"""What a test can break between the product and the platform's interfaces."""

from dataclasses import dataclass, field

__all__ = ["Cut", "Fault", "Faults", "Garbled", "Http", "Refuse", "Silent", "Slow"]


@dataclass(frozen=True, slots=True)
class Refuse:
    """The call is answered with this `errcode` and changes nothing."""

    code: int


@dataclass(frozen=True, slots=True)
class Http:
    """A gateway in front of the platform answers with this status and a page of HTML; nothing is changed."""

    status: int = 500


@dataclass(frozen=True, slots=True)
class Garbled:
    """The call takes effect and is answered 200 with something that is not JSON."""

    body: str = '{"errcode":0,"errm'


@dataclass(frozen=True, slots=True)
class Slow:
    """The call takes effect at once and is answered after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Silent:
    """Nobody ever answers; the call took effect (`done`) or did not."""

    done: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection breaks after the request was received: it took effect (`done`) or did not."""

    done: bool = True


Fault = Refuse | Http | Garbled | Slow | Silent | Cut


@dataclass(slots=True)
class _Rule:
    fault: Fault
    path: str
    openid: str | None
    left: int | None

    def fits(self, path: str, openid: str | None) -> bool:
        return path.endswith(self.path) and self.openid in {None, openid} and self.left != 0


@dataclass(slots=True)
class Faults:
    """The faults that are planted now, in the order in which they were planted."""

    _rules: list[_Rule] = field(default_factory=list)

    def plant(self, fault: Fault, path: str = "", *, openid: str | None = None, times: int | None = 1) -> None:
        """Let this befall the next calls of paths that end so, to a person; `times=None` until cleared."""
        self._rules.append(_Rule(fault, path, openid, times))

    def clear(self) -> None:
        """Let everything work again."""
        self._rules.clear()

    def strike(self, path: str, openid: str | None) -> Fault | None:
        """Return the fault that befalls this call, and count it."""
        rule = next((rule for rule in self._rules if rule.fits(path, openid)), None)
        if rule is None:
            return None
        rule.left = None if rule.left is None else rule.left - 1
        return rule.fault
