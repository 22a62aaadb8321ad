"""A database as a year and a month of surveys leave it, filled by SQL of its own: through the product it takes hours.

Of each survey: a ticket, an invitation, an interview, its messages and answers, a delivery of the help desk, which is
two rows, and six of the customer; one in twenty became an issue. What `retention.*` empties by default is empty but for
its last day.
"""

import time
from datetime import UTC, datetime

from bench.scale.bulk import count_from, execute_all, is_in_a_file
from config.surveys.canonical_json import survey_json
from config.surveys.load import read_surveys
from dialogs.survey import Survey
from storage.connection.migrate import upgrade

__all__ = ["COMPANY", "DAYS", "DELIVERIES", "SURVEYS_OF_COMPANY", "SURVEYS_OF_ONE", "fill", "person"]

DELIVERIES = 8
"""Rows of the inbox for each survey."""
SURVEYS_OF_ONE = 10
COMPANY = "c-company"
SURVEYS_OF_COMPANY = 100
DAYS = 400
_DAY = 86_400
_FIRST_UPDATE = 1_000_000_000
"""Above the numbers of the updates that a load sends afterwards, which else were known already."""

_SURVEYS = {
    "tickets": (
        """source, id, customer, status, closing, opened_at, closed_at, subject, category, product, team, agent_id,
        agent_name, tags, version, url, details, imported""",
        """'desk', {n}, {customer}, 'closed', 1, {at}, {at}, CASE WHEN {age} < 367 THEN '空调不制冷' ELSE '' END,
        'repair', 'AC-300', 'north', 'a17', '李工', '[]', 1, '', '{{}}', ''""",
    ),
    "closings": (
        """source, ticket, number, customer, closed_at, opened_at, agent_id, agent_name, team, station, area, product,
        category, service_type, source_channel, contract, tier, tags, contact_key""",
        """'desk', {n}, 1, {customer}, {microseconds}, {at}, 'a17', '李工', 'north', '', '', 'AC-300', 'repair', '', '',
        '', '', '[]', ''""",
    ),
    "invitations": (
        """id, source, ticket, closing, customer, survey, due_at, deadline_at, closed_at, state, channel, agent_id,
        agent_name, team, by_hand, asked_at, sent_at, version, occasion, rule, entered_by""",
        """'inv_' || {n}, 'desk', {n}, 1, {customer}, 'after_service', {at}, {at}, {microseconds}, 'asked', 'telegram',
        'a17', '李工', 'north', {false}, {at}, {at}, 1, '', '', ''""",
    ),
    "interviews": (
        """id, invitation, customer, channel, chat, survey, survey_number, locale, asked_at, expires_at, state, at,
        answers, skipped, remarks_asked, comment, comment_source, misses, message, completed_at, assessed, logged,
        shown, version, notice, said, undo, above, doubted, flags, comment_begins""",
        """'int_' || {n}, 'inv_' || {n}, {customer}, 'telegram', CASE WHEN {age} < 367 THEN {chat} ELSE '' END,
        'after_service', {version}, 'zh-Hans', {at}, {at}, 'completed', '', {answers}, '[]', '[]',
        CASE WHEN {age} < 367 THEN '师傅很准时，讲解也很清楚' END, '', 0, 'out_' || {n}, {at}, '[]', 5, '',
        3, '', '[]', '[]', NULL, '', '[]', 0""",
    ),
    "answer_logs": (
        "response, number, question, value, text, at, caused_by",
        """'int_' || {n}, k, {question}, 5, CASE WHEN k = 1 AND {age} < 367 THEN '很快' END, {microseconds},
        'telegram:' || ({update})""",
    ),
    "comment_readings": (
        "response, at, seen, lexicon, found, polarity, verdicts, encoder, sentences",
        """'int_' || {n}, {microseconds}, 3, 123456789,
        '[["","准时","response_speed",1],["","清楚","communication",1],["response_speed","很快","response_speed",1]]',
        1, '[["",1,["communication","response_speed"]],["response_speed",1,["response_speed"]]]', 123456789,
        '[[1234567890,[-321,456,-78,9,-1011,-121,-314,-151,617,-181,-920,-212,-223,-242]]]'""",
    ),
    "ratings": (
        "response, rated_item, value, at, rules, importance",
        "'int_' || {n}, k, 5, {microseconds}, 1, 0",
    ),
    "outbox": (
        """id, channel, chat, purpose, created_at, not_before, customer, about, round, edits, obeys_opt_out, status,
        attempts, receipt, why, sent_at, campaign, per_minute""",
        """CASE k WHEN 1 THEN 'out_' ELSE 'edit_' END || {n}, 'telegram', CASE WHEN {age} < 182 THEN {chat} ELSE '' END,
        'survey', {at}, {at}, {customer}, 'int_' || {n}, 0, CASE k WHEN 2 THEN 'out_' || {n} END, {true}, 'sent', 1,
        CASE WHEN {age} < 182 THEN {n} ELSE '' END, '', {at}, '', 0""",
    ),
    "prompts": ("message, body", "'edit_' || {n}, '{{\"text\":\"谢谢您的评价，我们已经记下来了。\"}}'"),
    "inbox": (
        "key, door, raw, received_at, outcome, answer, why",
        """CASE k WHEN 7 THEN 'hook:desk:' || {n} WHEN 8 THEN 'hook:same:' || {n} ELSE 'telegram:' || ({update}) END,
        CASE WHEN k < 7 THEN 'telegram' ELSE '/hooks/tickets' END, {empty}, {at}, 'done',
        CASE WHEN k < 7 THEN '' WHEN {age} < 32 THEN {hook} ELSE '200 {{}}' END, ''""",
    ),
    "issues": (
        """id, kind, severity, opened_at, state, title, text, reasons, tickets, responses, customers, drafts,
        resolution, told, confirmed, resolved_at, closed_at, escalated, events, version, quotes, judgement""",
        """'iss_' || {n}, 'low_score', 'high', {at}, 'closed', CASE WHEN {age} < 367 THEN '空调不制冷' ELSE '' END, '',
        '[]', '[["desk","' || {n} || '"]]', '["int_' || {n} || '"]', '["' || {customer} || '"]', 0, 1, '[]',
        '[]', {at}, {at}, {false}, 4, 4, '[]', '{{}}'""",
    ),
    "issue_tickets": ("source, ticket, issue", "'desk', {n}, 'iss_' || {n}"),
    "issue_customers": ("customer, issue", "{customer}, 'iss_' || {n}"),
    "issue_events": (
        "issue, number, at, event, by, text",
        """'iss_' || {n}, k - 1, {at}, CASE k WHEN 1 THEN 'opened' WHEN 2 THEN 'claimed' WHEN 3 THEN 'resolved'
        ELSE 'closed' END, '李工', CASE WHEN {age} < 367 THEN '我来处理' END""",
    ),
}
_ANSWERS = 5
_TIMES = {"answer_logs": _ANSWERS, "ratings": _ANSWERS, "outbox": 2, "inbox": DELIVERIES, "issue_events": 4}
"""Rows for each survey, where there are more than one."""
_ONLY = dict.fromkeys(("issues", "issue_tickets", "issue_customers", "issue_events"), "s % 20 = 0")
_ONLY |= {"prompts": "{age} < 92"}
_PEOPLE = {
    "customers": (
        "id, name, locale, timezone, tier, version, phone, email, postal_address",
        "{customer}, '王女士', '', '', '', 1, '', '', ''",
    ),
    "contacts": (
        "customer, channel, chat, state, bound_at, heard_at, version",
        "{customer}, 'telegram', {chat}, 'ok', {at}, {at}, 1",
    ),
}
_ITEM = (
    "INSERT INTO rated_items (survey, survey_number, item, dimension, lowest, highest)"
    " VALUES ('{0.id}', {0.version}, '{1}', '{1}', 1, 5)"
)
_ANSWER = '["{0}",5,1767225600000000]'
_HOOK = (
    '\'200 {{"source":"desk","id":"\' || {n} || \'","status":"closed","closed_at":"2026-01-01T00:00:00Z",'
    '"customer":{{"id":"\' || {customer} || \'","name":"王女士"}},"survey":{{"status":"scheduled"}}}}\''
)


def person(number: int) -> str:
    """Return the id of a customer who has answered ten surveys."""
    return f"c-{10_000_000 + number}"


async def fill(url: str, surveys: int) -> float:
    """Make a database of so many surveys; return the seconds that took, without the making of its tables."""
    await upgrade(url)
    is_file = is_in_a_file(url)
    begun = time.monotonic()
    statements = _statements(surveys, is_file=is_file)
    await execute_all(url, statements)
    return time.monotonic() - begun


def _statements(surveys: int, *, is_file: bool) -> list[str]:
    everybody = max(surveys // SURVEYS_OF_ONE, 1)
    begun = int(datetime.now(UTC).timestamp()) - DAYS * _DAY
    second = f"({begun} + s * {DAYS * _DAY} / {surveys})"
    moment = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', {0}, 'unixepoch')" if is_file else "to_timestamp({0})"
    is_company = f"s % {max(surveys // SURVEYS_OF_COMPANY, 1)} = 1"
    words = {
        "n": _text("100000000 + s"),
        "customer": f"CASE WHEN {is_company} THEN '{COMPANY}' ELSE 'c-' || (10000000 + s % {everybody}) END",
        "chat": f"CASE WHEN {is_company} THEN '9999' ELSE {_text(f'20000000 + s % {everybody}')} END",
        "at": moment.format(second),
        "microseconds": f"{second} * 1000000" if is_file else moment.format(second),
        "age": f"({DAYS} - s * {DAYS} / {surveys})",
        "true": "1" if is_file else "true",
        "false": "0" if is_file else "false",
        "update": f"{_FIRST_UPDATE} + s * 7 + k",
        "empty": "x''" if is_file else "''::bytea",
    }
    survey = read_surveys()["after_service"]
    words |= _about(survey) | {"hook": _HOOK.format(**words)}
    people = words | {"customer": "'c-' || (10000000 + s)", "chat": _text("20000000 + s")}
    people["at"] = moment.format(str(begun + DAYS * _DAY))
    company = people | {"customer": f"'{COMPANY}'", "chat": "'9999'"}
    body = survey_json(survey).replace("'", "''")
    stored = f"'{survey.id}', {survey.version}, '{body}', {people['at']}"
    return [
        f"INSERT INTO surveys (id, number, body, stored_at) VALUES ({stored})",  # noqa: S608 (our own words)
        *(_ITEM.format(survey, id_) for id_ in _asked(survey)),
        *(_insert(table, into, people, everybody, is_file=is_file) for table, into in _PEOPLE.items()),
        *(_insert(table, into, company, 1, is_file=is_file) for table, into in _PEOPLE.items()),
        *(_insert(table, into, words, surveys, is_file=is_file) for table, into in _SURVEYS.items()),
    ]


def _asked(survey: Survey) -> list[str]:
    return [question.id for question in survey.questions][:_ANSWERS]


def _about(survey: Survey) -> dict[str, str]:
    asked = _asked(survey)
    names = " ".join(f"WHEN {k} THEN '{id_}'" for k, id_ in enumerate(asked, 1))
    answers = ",".join(map(_ANSWER.format, asked))
    return {"version": str(survey.version), "question": f"CASE k {names} END", "answers": f"'[{answers}]'"}


def _text(number: str) -> str:
    return f"CAST({number} AS text)"


def _insert(table: str, into: tuple[str, str], words: dict[str, str], rows: int, *, is_file: bool) -> str:
    columns, values = into
    surveys = count_from(0, rows, "s", is_file=is_file)
    each = count_from(1, _TIMES.get(table, 1), "k", is_file=is_file)
    numbers = f"SELECT s, k FROM {surveys}, {each}"  # noqa: S608 (our own words)
    which = _ONLY.get(table, "1 = 1").format(**words)
    chosen = values.format(**words)
    return f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM ({numbers}) AS each WHERE {which}"  # noqa: S608 (as above)
