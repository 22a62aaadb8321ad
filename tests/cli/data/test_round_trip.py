"""What is imported, exported and imported into an empty database is exported from there as it was."""

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Type
from tests.cli.data.conftest import Desk
from tests.support.commands import huifang
from tests.support.database.migrated import copy_migrated

Table = list[dict[str, str]]
TEXTS = (
    "空调不制冷",
    "=1+1",
    "+8613800138000",
    "-5",
    "@here",
    "'quoted",
    "''twice",
    "＝全角",
    'he said "no", then; left|gone',
    "第一行\n第二行",
    "tab\tinside",
    "é ü ß 😀 𠮷",
    "0012",
    "1.5",
    "true",
    "2026-03-05",
    "x" * 500,
)
OF_TICKETS = (
    *("subject", "category", "product", "team", "agent.id", "agent.name", "area", "station", "contract", "device"),
    *("fault", "service_type", "source_channel", "order_no", "repair_form_no", "cause", "measure", "outcome"),
    *("contact_problem", "rework_of"),
)
MOMENTS = {
    "opened_at": "2026-03-01T00:00:00Z",
    "first_replied_at": "2026-03-01T00:00:01.000001Z",
    "requested_at": "2026-03-01T00:00:00Z",
    "assigned_at": "2026-03-01T02:00:00Z",
    "onsite_at": "2026-03-01T03:00:00Z",
    "solved_at": "2026-03-01T04:00:00Z",
    "appointment_at": "2027-03-01T04:00:00Z",
    "updated_at": "2026-03-02T02:30:00Z",
    "closed_at": "2026-03-02T02:30:00Z",
}
WORDS = {
    "customer_signed": ("true", "false", "2026-03-02T02:30:00Z"),
    "report_reviewed": ("false", "2026-03-02T02:30:00Z", "true"),
    "warranty": ("true", "整机两年", "false"),
    "resent": ("true", "false", ""),
    "solved_first_time": ("", "true", "false"),
    "rework": ("internal", "external", ""),
    "tags": ("vip", "vip;new", '["a;b","c"]', '["上门；安装", "[\\"x"]'),
    "url": ("https://desk.example.com/1", "", "https://desk.example.com/2?a=1&b=2"),
    "status": ("closed", "open", "完工"),
}
CAME = {
    "tickets": ("stage",),
    "responses": ("entered.by", "entered.at", "by"),
}
"""Columns that tell how something came to us."""
OF_SENDING = ("sent_at", "flags")
"""What is known only where the asks were sent, and answered in a conversation."""
OF_READING = ("comment_polarity", "comment_dimensions")
"""What a service says of comments that it has read."""


def ticket(number: int) -> dict[str, str]:
    row = {"source": "desk", "ticket": f"G{number}", "customer": f"c-{number % 5}"}
    row |= {name: TEXTS[(number + place) % len(TEXTS)] for place, name in enumerate(OF_TICKETS)}
    row["agent.id"], row["service_type"] = f"a{number}", ("repair", "install")[number % 2]
    return row | MOMENTS | {name: words[number % 3] for name, words in WORDS.items()}


def answer(number: int) -> dict[str, str]:
    row = {"channel": ("paper", "phone", "platform")[number % 3], "given_at": "2026-03-05T04:00:00Z", "by": "李工"}
    row |= {"ticket": f"desk/G{number}", "comment": TEXTS[number % len(TEXTS)], "number": f"{number}"}
    if number % 2:
        row |= {"answers.convenience": f"{number % 5 + 1}", "answers.after_care": "5"}
    return row | {"answers.attitude": f"{number % 4 + 1}", "answers.attitude.text": TEXTS[(number + 3) % len(TEXTS)]}


def written(path: Path, rows: Table) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, names)
        lines.writeheader()
        lines.writerows({name: guarded(value) for name, value in row.items()} for row in rows)
    return str(path)


def guarded(text: str) -> str:
    return f"'{text}" if text.startswith(("'", "=", "+", "-", "@", "＝", "\t")) else text


def table(path: Path, kind: str) -> Table:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: value for name, value in row.items() if name not in CAME[kind]} for row in csv.DictReader(file)]


@pytest.mark.proof  # eight processes
@pytest.mark.parametrize("past", ["sqlite"], indirect=True)
async def test_tickets_and_answers_come_back_as_they_went(past: Desk, tmp_path: Path) -> None:
    tickets = [ticket(number) for number in range(60)]
    closed = [number for number in range(60) if number % 3 != 1]
    files = {
        "tickets": written(tmp_path / "tickets.csv", tickets),
        "responses": written(tmp_path / "responses.csv", [answer(number) for number in closed]),
    }
    exported = []
    for place in ("one", "two"):
        settings = dict(past.settings) | {"database.url": f"sqlite:///{copy_migrated(tmp_path / f'{place}.db')}"}
        for kind, file in files.items():
            said = await huifang(past.folder, settings, "import", kind, file)
            assert (said.code, said.err) == (0, "")
        assert (await huifang(past.folder, settings, "export", str(tmp_path / place), *files)).code == 0
        exported.append({kind: table(tmp_path / place / f"{kind}.csv", kind) for kind in files})
        files = {kind: str(tmp_path / place / f"{kind}.csv") for kind in files}
    assert [len(exported[0][kind]) for kind in files] == [60, len(closed)]
    assert exported[0] == exported[1]


@pytest.mark.proof  # ten commands
def test_those_who_did_not_answer_come_back_too(types: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = ("surveys", "contacts", "tickets", "responses")
    assert types("sample", "--customers", "30", "--months", "2").code == 0
    assert types("export", str(tmp_path / "one"), *kinds).code == 0
    monkeypatch.setenv("HUIFANG_DATABASE__URL", f"sqlite:///{copy_migrated(tmp_path / 'two.db')}")
    for kind in kinds:
        said = types("import", kind, str(tmp_path / "one" / f"{kind}.csv"))
        assert (said.code, said.err) == (0, "")
    assert types("export", str(tmp_path / "two"), *kinds).code == 0
    went, came = (table(tmp_path / place / "responses.csv", "responses") for place in ("one", "two"))
    assert {"completed", "expired"} <= {row["status"] for row in went}
    assert told(went) == told(came)
    for kind in ("surveys", "contacts", "tickets"):
        assert (tmp_path / "one" / f"{kind}.csv").read_bytes() == (tmp_path / "two" / f"{kind}.csv").read_bytes()


def told(rows: Table) -> Table:
    said = [{name: value for name, value in row.items() if name not in OF_SENDING + OF_READING} for row in rows]
    return sorted(said, key=lambda row: row["id"])


def test_what_was_written_is_what_was_stored(types: Type, desk: Path) -> None:
    rows = [ticket(number) for number in range(20)]
    assert types("import", "tickets", written(desk / "t.csv", rows)).code == 0
    assert types("export", str(desk / "out"), "tickets").code == 0
    stored = {row["ticket"]: row for row in table(desk / "out" / "tickets.csv", "tickets")}
    for row in rows:
        found = stored[row["ticket"]]
        assert {name: unguarded(found[name]) for name in OF_TICKETS} == {name: row[name] for name in OF_TICKETS}


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text
