"""Files of before: a sent one is of the customer whose sheet has it, an unsent one goes a week after it came."""

import pytest

from storage.connection.migrate import upgrade
from tests.storage.migrations.sample import execute, fetch, upgrade_to

BEFORE = "0058_comment_verdicts"


@pytest.mark.proof
async def test_a_sent_file_gets_its_owner_and_an_unsent_one_less_time(bare_url: str) -> None:
    await upgrade_to(bare_url, BEFORE)
    is_file = "sqlite" in bare_url
    at, soon, late, week = (
        f"2026-{day}T01:02:03.000004Z" if is_file else f"2026-{day} 01:02:03.000004+00"
        for day in ("11-23", "11-24", "12-30", "11-30")
    )
    sheet = "form, form_number, subject_kind, subject, period, since, until, role, rater, by, at, sheet, words"
    rows = [("file_sent", "asm_1", "NULL"), ("file_late", "asm_9", f"'{late}'"), ("file_soon", "asm_9", f"'{soon}'")]
    files = ", ".join(
        f"('{id_}', '{held}', 'i', 'h', 'n', 't', 1, 'b', '{at}', {until}, 1)" for id_, held, until in rows
    )
    content, by = ("X'00'", "by") if is_file else ("'x'::bytea", '"by"')
    await execute(
        bare_url,
        f"""INSERT INTO customers (id, name, locale, timezone, tier, phone, email, postal_address, version)
        VALUES ('c-1', '', '', '', '', '', '', '', 1);
        INSERT INTO assessments (id, {sheet.replace("by", by)}, evidence, source, sheet_no, customer, version)
        VALUES ('asm_1', 'f', 1, 'agent', 'a', '2026-11', '{at}', '{at}', 'customer', '', 'x', '{at}', '{{}}', '[]',
        '[]', 'web', '', 'c-1', 1);
        INSERT INTO files (hash, content, stored_at) VALUES ('h', {content}, '{at}');
        INSERT INTO assessment_files (id, assessment, item, hash, name, media_type, size, {by}, at, kept_until, version)
        VALUES {files};""",  # noqa: S608 (our own names)
    )
    await upgrade(bare_url)
    told = await fetch(bare_url, "SELECT id, customer, kept_until FROM assessment_files ORDER BY id")
    assert [row[:2] for row in told] == [("file_late", None), ("file_sent", "c-1"), ("file_soon", None)]
    assert [str(row[2])[:10] for row in told] == [week[:10], "None", soon[:10]]
