"""What a cell says: texts, numbers and dates as people and spreadsheets write them."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.imports.table_columns import SEPARATOR, CellKind
from dialogs.forms.model import RaterRole
from dialogs.phone_number import is_number
from dialogs.time.zones import find_zone, is_zone_name
from scoring.values import Value, field
from storage.model.records import ContactState
from storage.model.service_details import Rework

__all__ = ["CellProblem", "CellReader", "CellTerms", "cell_reader", "plain_text"]

Cell = object
"""A text of a CSV file; what a workbook holds may also be a number, a truth value or a date."""


class CellProblem(ValueError):  # noqa: N818 (a cell is wrong)
    """A cell that cannot be read: `problem` says what is wrong with it, `fix` what to do."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem, self.fix = problem, fix


class CellTerms(Value):
    """How cells are to be read: `zone` is that of moments without one, `words` say what stands for a value.

    `words` are by kind of cell, folded as `folded` does.
    """

    zone: ZoneInfo
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


_LONGEST, _LONGEST_ID, _LONGEST_TEXT, _LONGEST_SOURCE, _LONGEST_DEFINITION = 500, 200, 4000, 64, 100_000
_LARGEST = 2**31 - 1
"""What a column of whole numbers holds in either database."""
_MOST_ENTRIES, _LONGEST_ENTRY = 100, 100
"""Of a list, as many as the API takes of a ticket's tags."""
_SCIENTIFIC = re.compile(r"[0-9](?:\.([0-9]+))?[eE]\+?([0-9]{1,3})")
_DATE = re.compile(r"([0-9]{4})[^0-9]{1,2}([0-9]{1,2})[^0-9]{1,2}([0-9]{1,2})[^0-9]?(.*)", re.DOTALL)
_TIME = re.compile(r"\s*([0-9]{1,2})[^0-9]([0-9]{2})(?:[^0-9]([0-9]{2})(?:\.[0-9]+)?)?[^0-9A-Za-z]?\s*")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 (the day 0 of spreadsheets; their 29 February 1900 lies before all we take)
_SERIALS = (25569.0, 109576.0)
"""The numbers of 1970-01-01 and of 2200-01-01 in a spreadsheet."""
_YEARS = range(1970, 2200)
_EXAMPLE = "2026-11-22 10:30 or 2026-11-22T02:30:00Z"
_ADDRESS = re.compile(r"https?://[^\s@\\]+", re.IGNORECASE)
_UNSTORED = re.compile("[\0\ud800-\udfff]")
"""What no database stores in a text."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}", re.ASCII)


_QUOTE = "'"
_FORMULAS = ("=", "+", "-", "@", _QUOTE, "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with, in full width, too (OWASP, CSV Injection); besides, control characters."""


def _unguarded(text: str) -> str:
    """Return the text of a cell without the one apostrophe that was put before it, here or in a spreadsheet.

    Before a digit it says that the digits are a text.
    """
    rest = text[1:]
    if not rest:
        return text
    is_guard = rest.startswith(_FORMULAS) or rest[0].isdigit() or unicodedata.category(rest[0]) == "Cc"
    return rest if is_guard else text


def plain_text(cell: Cell) -> str:
    """Return what a cell shows, without blanks around; empty for an empty one."""
    if isinstance(cell, str):
        return (_unguarded(cell) if cell.startswith(_QUOTE) else cell).strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    return str(cell)


def folded(text: str) -> str:
    """Return a text in half width and lower case."""
    return _half_width(text).casefold().strip()


def _half_width(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _not_longer(text: str, most: int) -> str:
    """Return a text that can be stored. Raises CellProblem."""
    if len(text) > most:
        raise CellProblem(f"has {len(text)} characters", f"write at most {most}")
    if not text.isprintable() and _UNSTORED.search(text):
        raise CellProblem("holds a NUL character or half a surrogate pair", "take it out")
    return text


def _whole(text: str) -> str:
    """Return a text that is no number whose last digits a spreadsheet has dropped. Raises CellProblem."""
    mangled = _SCIENTIFIC.fullmatch(text) if "E" in text or "e" in text else None
    if mangled is not None:
        digits, power = mangled[1] or "", int(mangled[2])
        if len(digits) < power:
            raise CellProblem(
                "has lost digits: a spreadsheet took it for a number", "format the column as text and enter it again"
            )
        return text[0] + digits[:power]
    return text


def _id(cell: Cell, _terms: CellTerms, most: int = _LONGEST_ID) -> str:
    text = _not_longer(_whole(plain_text(cell)), most)
    if not text.isprintable():
        raise CellProblem("holds a line break or an invisible character", "take it out")
    return text


def _source(cell: Cell, terms: CellTerms) -> str:
    text = _id(cell, terms, _LONGEST_SOURCE)
    if "/" in text:
        raise CellProblem("holds a slash", "name the help desk without one")
    return text


def _line(cell: Cell, _terms: CellTerms) -> str:
    return _not_longer(plain_text(cell), _LONGEST)


def _text(cell: Cell, _terms: CellTerms) -> str:
    return _not_longer(plain_text(cell), _LONGEST_TEXT)


def _definition(cell: Cell, _terms: CellTerms) -> str:
    return _not_longer(plain_text(cell), _LONGEST_DEFINITION)


def _phone(cell: Cell, _terms: CellTerms) -> str:
    text = _not_longer(_half_width(_whole(plain_text(cell))).removesuffix(".0"), _LONGEST)
    if not is_number(text):
        raise CellProblem("is no telephone number", "write the whole number, or leave it empty")
    return text


def _moment(cell: Cell, terms: CellTerms) -> datetime:
    """Return a moment in UTC. Raises CellProblem."""
    try:
        moment = _read_moment(cell, terms)
    except (ValueError, OverflowError):
        raise CellProblem("is no date and time", f"write it as {_EXAMPLE}") from None
    if moment.year not in _YEARS:
        raise CellProblem(f"lies outside of the years {_YEARS[0]} to {_YEARS[-1]}", "correct the year")
    return moment


def _read_moment(cell: Cell, terms: CellTerms) -> datetime:
    if isinstance(cell, str):
        return _placed(_written_moment(plain_text(cell)), terms.zone)
    if isinstance(cell, datetime):
        return _placed(cell, terms.zone)
    if isinstance(cell, date):
        return _placed(datetime.combine(cell, time()), terms.zone)
    if isinstance(cell, int | float):
        return _placed(_of_serial(float(cell)), terms.zone)
    raise ValueError(cell)


def _written_moment(text: str) -> datetime:
    """Return a moment that somebody, or a program, has written, in its zone if it names one. Raises ValueError."""
    if len(text) > 10 and text.isascii() and text[4:5] == "-":  # noqa: PLR2004 (longer than a date)
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    return _by_hand(_half_width(text).strip())


def _by_hand(text: str) -> datetime:
    """Return a moment as people write it, the year first. Raises ValueError."""
    found = _DATE.fullmatch(text)
    if found is None:
        return _of_serial(float(text))
    year, month, day, rest = int(found[1]), int(found[2]), int(found[3]), found[4]
    clock = _TIME.fullmatch(rest)
    if rest.strip() and clock is None:
        raise ValueError(rest)
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock is not None else (0, 0, 0)
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (placed by who asked)


def _of_serial(number: float) -> datetime:
    """Return the moment that a spreadsheet stores as a number of days. Raises ValueError."""
    first, last = _SERIALS
    if not first <= number < last:
        raise ValueError(number)
    return _EPOCH + timedelta(seconds=round(number * 86400))


def _placed(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)


def _word(kind: CellKind, text: str, terms: CellTerms) -> str | None:
    return terms.words.get(kind, {}).get(folded(text))


def _flag(cell: Cell, terms: CellTerms) -> bool:
    known = _word(CellKind.FLAG, plain_text(cell), terms)
    if known is None:
        raise CellProblem("is neither yes nor no", "write true or false")
    return known == "true"


def _known_word(kind: CellKind, problem: str, fix: str) -> "CellReader":
    """Return what reads cells with one of the words of a kind; without one it raises CellProblem."""

    def read(cell: Cell, terms: CellTerms) -> str:
        known = _word(kind, plain_text(cell), terms)
        if known is None:
            raise CellProblem(problem, fix)
        return known

    return read


def _number(cell: Cell, _terms: CellTerms) -> int:
    text = folded(plain_text(cell))
    try:
        number = int(text.removesuffix(".0"))
    except ValueError:
        raise CellProblem("is no whole number", "write digits only") from None
    if abs(number) > _LARGEST:
        raise CellProblem(f"is beyond {_LARGEST}", "correct it")
    return number


def _list(cell: Cell, _terms: CellTerms, most: int = _LONGEST_ENTRY) -> tuple[str, ...]:
    text = plain_text(cell)
    parts = _array(text) if text.startswith('["') else text.replace("\uff1b", SEPARATOR).split(SEPARATOR)
    entries = tuple(dict.fromkeys(_not_longer(one, most) for part in parts if (one := part.strip())))
    if len(entries) > _MOST_ENTRIES:
        raise CellProblem(f"has {len(entries)} entries", f"write at most {_MOST_ENTRIES}")
    return entries


def _array(text: str) -> list[str]:
    """Return the texts of a list in JSON, as it is written where one of them holds a separator. Raises CellProblem."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise CellProblem("is no list", f"separate the values by {SEPARATOR}")
    return told


def _chats(cell: Cell, terms: CellTerms) -> tuple[tuple[str, str], ...]:
    pairs = tuple(one.partition(":") for one in _list(cell, terms, _LONGEST))
    if any(not (channel.strip() and address.strip()) for channel, _, address in pairs):
        raise CellProblem("names no chats", "write channel:address, such as sms:10001;email:a@example.com")
    return tuple((channel.strip(), address.strip()) for channel, _, address in pairs)


def _ticket(cell: Cell, terms: CellTerms) -> tuple[str, str]:
    source, slash, ticket = _id(cell, terms, _LONGEST_SOURCE + 1 + _LONGEST_ID).partition("/")
    if not (source.strip() and slash and ticket.strip()):
        raise CellProblem("is no ticket", "write source/id, such as zendesk/42")
    return source, ticket


def _language(cell: Cell, _terms: CellTerms) -> str:
    text = plain_text(cell)
    if _LANGUAGE.fullmatch(text) is None:
        raise CellProblem("is no language tag", "write zh-Hans, zh-Hant or en")
    return text


@lru_cache(maxsize=256)
def _is_zone(name: str) -> bool:
    return find_zone(name) is not None or is_zone_name(name)


def _zone(cell: Cell, _terms: CellTerms) -> str:
    text = plain_text(cell)
    if not _is_zone(text):
        raise CellProblem("is no time zone", "write it as Asia/Shanghai")
    return text


def _address(cell: Cell, _terms: CellTerms) -> str:
    text = plain_text(cell)
    if _ADDRESS.fullmatch(text) is None:
        raise CellProblem("is no web address", "write it as https://desk.example.com/tickets/42")
    return _not_longer(text, 1000)


def _rework(cell: Cell, terms: CellTerms) -> Rework:
    known = _word(CellKind.REWORK, plain_text(cell), terms)
    if known is None:
        raise CellProblem("does not say who found it", f"write {' or '.join(Rework)}")
    return Rework(known)


def _signed(cell: Cell, terms: CellTerms) -> bool | datetime:
    known = _word(CellKind.FLAG, plain_text(cell), terms)
    return known == "true" if known is not None else _moment(cell, terms)


def _warranty(cell: Cell, terms: CellTerms) -> bool | str:
    known = _word(CellKind.FLAG, plain_text(cell), terms)
    return known == "true" if known is not None else _line(cell, terms)


def _scalar(cell: Cell, terms: CellTerms) -> str | bool | int | float:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    return _line(cell, terms)


CellReader = Callable[[Cell, CellTerms], object]
_READERS: Mapping[CellKind, CellReader] = {
    CellKind.ID: _id,
    CellKind.SOURCE: _source,
    CellKind.LINE: _line,
    CellKind.TEXT: _text,
    CellKind.DEFINITION: _definition,
    CellKind.MOMENT: _moment,
    CellKind.FLAG: _flag,
    CellKind.NUMBER: _number,
    CellKind.ENDING: _known_word(
        CellKind.ENDING, "is no status of a response", "write completed, partial, expired, declined or withdrawn"
    ),
    CellKind.CHAT_STATE: _known_word(
        CellKind.CHAT_STATE, "does not say whether messages arrive", f"write {', '.join(ContactState)}"
    ),
    CellKind.ROLE: _known_word(CellKind.ROLE, "is nobody who rates", f"write {', '.join(RaterRole)}"),
    CellKind.LIST: _list,
    CellKind.CHATS: _chats,
    CellKind.TICKET: _ticket,
    CellKind.PHONE: _phone,
    CellKind.LANGUAGE: _language,
    CellKind.ZONE: _zone,
    CellKind.ADDRESS: _address,
    CellKind.REWORK: _rework,
    CellKind.SIGNED: _signed,
    CellKind.WARRANTY: _warranty,
    CellKind.RATING: _line,  # which numbers and words there are, the question's scale tells
    CellKind.SCALAR: _scalar,
}


def cell_reader(kind: CellKind) -> CellReader:
    """Return what reads the cells of such a column; it raises CellProblem."""
    return _READERS[kind]
