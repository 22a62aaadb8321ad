"""Sheets of before get keyed ids, and a mean holds what it showed of at least three."""

import pytest

from storage.connection.migrate import upgrade
from tests.storage.migrations.sample import execute, fetch, upgrade_to

BEFORE = "0025_sheet_numbers"
COLUMNS = (
    "id, form, form_number, subject_kind, subject, period, since, until, role, rater, by, at, sheet, words, evidence,"
    " total, source, sheet_no, version"
)


@pytest.mark.proof
async def test_sheets_get_keyed_ids_and_means_hold_three_or_none(bare_url: str) -> None:
    await upgrade_to(bare_url, BEFORE)
    at = "'2026-11-23T01:02:03.000004Z'" if "sqlite" in bare_url else "'2026-11-23 01:02:03.000004+00'"
    by = "by" if "sqlite" in bare_url else '"by"'
    rows = [
        ("asm_a", "peer", "2026-Q3", "'80'"),
        ("asm_b", "peer", "2026-Q3", "'70'"),
        ("asm_c", "peer", "2026-Q3", "'90'"),
        ("asm_d", "peer", "2026-Q3", "NULL"),
        ("asm_e", "peer", "2026-Q2", "'80'"),
        ("asm_f", "peer", "2026-Q2", "'70'"),
        ("asm_g", "superior", "2026-Q3", "'60'"),
    ]
    values = ", ".join(
        f"('{i}', 'f', 1, 'agent', 'a17', '{period}', {at}, {at}, '{role}', 'x', 'x', {at}, '{{}}', '[]', '[]',"
        f" {total}, '', '', 1)"
        for i, role, period, total in rows
    )
    audit = "INSERT INTO audit (id, at, by, action, subject, detail)"
    await execute(
        bare_url,
        f"INSERT INTO assessments ({COLUMNS.replace('by', by)}) VALUES {values};"  # noqa: S608 (our own names)
        f"INSERT INTO notes (key, value, at, version) VALUES ('links.key', 'the-key', {at}, 1);"
        f"{audit.replace('by', by)} VALUES ('aud_1', {at}, 'x', 'assessment.corrected', 'asm_a', '{{}}');",
    )
    await upgrade(bare_url)
    found = await fetch(bare_url, "SELECT id, total, released FROM assessments ORDER BY period, role, total")
    assert [row[1:] for row in found if row[2] is not None] == [("70", "70"), ("80", "80"), ("90", "90")]
    ids = {row[0] for row in found}
    assert (len(ids), any(id_ in ids for id_, *_ in rows)) == (7, False)
    assert all(len(id_) == len("asm_") + 16 for id_ in ids)
    ((named,),) = await fetch(bare_url, "SELECT subject FROM audit")
    assert named in ids
