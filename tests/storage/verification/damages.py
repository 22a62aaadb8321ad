"""Damages for the filled database of version 0.1, in SQL that both databases take, and the line that tells of each."""

from dataclasses import dataclass
from functools import reduce

__all__ = ["DAMAGES", "Damage", "written_out"]

_LONG_AGO = "'2001-01-01T00:00:00.000000Z'"
_MESSAGE = (
    "channel, chat, purpose, created_at, not_before, customer, about, round, edits, obeys_opt_out, expires_at, status,"
    " attempts, leased_until, receipt, why, sent_at, campaign, per_minute"
)
_RATING = "response, value, at, standing, rules, importance"
_ERASED = "(SELECT stands_for FROM tombstones WHERE stands_for <> '')"
_ONE_LINE = """
    SELECT min(a.response) FROM answer_logs a WHERE a.value IS NOT NULL AND a.number = 0 AND NOT EXISTS (
        SELECT 1 FROM answer_logs b
        WHERE b.response = a.response AND b.question = a.question AND b.number <> a.number)
"""


@dataclass(frozen=True)
class Damage:
    """`row` finds the id of a row, which is `:row` in `sql`; `names` finds what the line names, empty: the same."""

    promise: str
    table: str
    row: str
    sql: str
    names: str = ""


def written_out(sql: str, row: str) -> str:
    """Return a statement about a row with the words replaced that several of them use."""
    words = {":row": f"'{row}'", ":message": _MESSAGE, ":rating": _RATING, ":long_ago": _LONG_AGO, ":erased": _ERASED}
    return reduce(lambda written, word: written.replace(word, words[word]), words, sql)


DAMAGES = {
    "an invitation is gone": Damage(
        "A closed ticket is asked about, or carries the reason why not",
        "tickets",
        """SELECT min(i.id) FROM invitations i JOIN tickets t
            ON t.source = i.source AND t.id = i.ticket AND t.closing = i.closing
            WHERE i.occasion = '' AND i.state IN ('suppressed', 'cancelled')
            AND i.id NOT IN (SELECT invitation FROM interviews)""",
        "DELETE FROM invitations WHERE id = :row",
        "SELECT source || '/' || ticket FROM invitations WHERE id = :row",
    ),
    "a reason is gone": Damage(
        "A survey that is not asked has exactly one reason",
        "invitations",
        "SELECT min(id) FROM invitations WHERE state = 'suppressed'",
        "UPDATE invitations SET reason = NULL WHERE id = :row",
    ),
    "nobody knows when it was asked": Damage(
        "A survey that counts as asked has its interview",
        "invitations",
        "SELECT min(id) FROM invitations WHERE state = 'asked'",
        "UPDATE invitations SET asked_at = NULL WHERE id = :row",
    ),
    "a survey was sent twice": Damage(
        "A survey is asked once",
        "interviews",
        "SELECT min(id) FROM outbox WHERE purpose = 'survey' AND edits IS NULL AND status = 'sent' AND campaign = ''"
        " AND about LIKE 'int_%'",
        "INSERT INTO outbox (id, :message) SELECT 'out_twice', :message FROM outbox WHERE id = :row",
        "SELECT about FROM outbox WHERE id = :row",
    ),
    "a reminder came before the question": Damage(
        "A reminder comes after the first question, and never after an answer",
        "outbox",
        "SELECT min(id) FROM outbox WHERE purpose = 'reminder' AND edits IS NULL AND status = 'sent' AND campaign = ''",
        "UPDATE outbox SET created_at = :long_ago WHERE id = :row",
    ),
    "a customer who had opted out was written to": Damage(
        "After an opt-out nothing begins to be sent",
        "outbox",
        """SELECT min(id) FROM outbox WHERE customer IN (
            SELECT customer FROM outbox WHERE obeys_opt_out = TRUE
                AND status IN ('sent', 'unknown', 'leased', 'pending', 'held')
                GROUP BY customer HAVING count(*) = 1)
            AND obeys_opt_out = TRUE AND status IN ('sent', 'unknown', 'leased', 'pending', 'held')""",
        """UPDATE customers SET opted_out_at = :long_ago
            WHERE id = (SELECT customer FROM outbox WHERE id = :row)""",
    ),
    "an answer belongs to no question": Damage(
        "An answer is one to a question of its survey, on its scale",
        "answer_logs",
        _ONE_LINE,
        "UPDATE answer_logs SET question = 'nonsense' WHERE response = :row AND number = 0",
        "SELECT :row || '/0'",
    ),
    "a line of an interview's history is gone": Damage(
        "The history of an interview's answers is whole",
        "interviews",
        _ONE_LINE,
        "DELETE FROM answer_logs WHERE response = :row AND number = 0",
    ),
    "a rating was changed": Damage(
        "An interview's rating is the last one in its history",
        "interviews",
        _ONE_LINE,
        "UPDATE answer_logs SET value = CASE WHEN value > 1 THEN value - 1 ELSE 2 END"
        " WHERE response = :row AND number = 0",
    ),
    "a rating counts that was not given": Damage(
        "A rating that is counted is the one that was given",
        "interviews",
        "SELECT min(response) FROM ratings",
        "UPDATE ratings SET value = CASE WHEN value > 1 THEN value - 1 ELSE 2 END WHERE response = :row AND"
        " rated_item = (SELECT min(rated_item) FROM ratings WHERE response = :row)",
    ),
    "a rating has an importance that nobody gave": Damage(
        "A rating that is counted is the one that was given",
        "interviews",
        "SELECT min(response) FROM ratings",
        "UPDATE ratings SET importance = 3 WHERE response = :row"
        " AND rated_item = (SELECT min(rated_item) FROM ratings WHERE response = :row)",
    ),
    "an importance is off its scale": Damage(
        "An answer is one to a question of its survey, on its scale",
        "answer_logs",
        _ONE_LINE,
        "UPDATE answer_logs SET question = 'weight:' || question, value = 6 WHERE response = :row AND number = 0",
        "SELECT :row || '/0'",
    ),
    "a rating does not count": Damage(
        "A rating that is counted is the one that was given",
        "interviews",
        "SELECT min(response) FROM ratings",
        "DELETE FROM ratings WHERE response = :row",
    ),
    "a rating counts that was taken back": Damage(
        "A rating that was taken back is not counted",
        "ratings",
        "SELECT min(response) FROM ratings",
        "INSERT INTO ratings (rated_item, :rating) SELECT 1234567, :rating FROM ratings"
        " WHERE response = :row ORDER BY rated_item LIMIT 1",
        "SELECT :row || '/1234567'",
    ),
    "a closing is counted for somebody else": Damage(
        "A closing is kept as it was",
        "tickets",
        "SELECT min(source || '/' || ticket) FROM closings",
        "UPDATE closings SET team = 'x' WHERE source || '/' || ticket = :row",
    ),
    "a response was excluded by one person": Damage(
        "What people exclude was decided by two of them, and an appeal by a third",
        "exclusions",
        "SELECT min(id) FROM interviews WHERE state = 'completed' AND answers <> '[]'",
        """INSERT INTO exclusions (id, response, number, reason, proposed_by, proposed_at, note, state, decided_by,
            decision, appealed_by, appeal, evidence, reviewed_by, review, version)
            SELECT 'exc_alone', id, 1, 'malicious', 'a', asked_at, '', 'restored', 'a', '', 'c', '', '', 'd', '', 1
            FROM interviews WHERE id = :row""",
        "SELECT 'exc_alone' FROM interviews WHERE id = :row",
    ),
    "a published figure was changed": Damage(
        "What was published about a period is what its digest says",
        "publications",
        "SELECT 'pub_1'",
        """INSERT INTO publications (id, about, period, number, since, until, timezone, asked, metrics, locale, content,
            digest, tally, inputs_digest, rules, rules_from, "by", at, reason, changes)
            VALUES (:row, 'figures', '2000-12', 1, :long_ago, :long_ago, 'UTC', '[]', '[]', 'en', '[1]', 'x', '{}', '',
            '', '', 'a', :long_ago, '', '[]')""",
    ),
    "a kept file was changed": Damage(
        "A kept file is what its hash says",
        "files",
        "SELECT 'abc'",
        "INSERT INTO files (hash, content, stored_at) SELECT :row, raw, :long_ago FROM inbox LIMIT 1",
    ),
    "a revision is gone": Damage(
        "A revision of a published period follows the one before, after the period is over",
        "publications",
        "SELECT 'pub_2'",
        """INSERT INTO publications (id, about, period, number, since, until, timezone, asked, metrics, locale, content,
            digest, tally, inputs_digest, rules, rules_from, "by", at, reason, changes)
            VALUES (:row, 'figures', '2000-12', 2, :long_ago, :long_ago, 'UTC', '[]', '[]', 'en', '[]',
            '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945', '{}', '', '', '', 'a', :long_ago, 'b',
            '[]')""",
    ),
    "a response does not count and nobody decided so": Damage(
        "A response counts as it was decided",
        "interviews",
        "SELECT min(id) FROM interviews WHERE state = 'completed' AND answers <> '[]'",
        "UPDATE interviews SET exclusion = 'malicious' WHERE id = :row",
    ),
    "an anonymous answer has a name": Damage(
        "Nothing joins an anonymous answer to a customer",
        "interviews",
        "SELECT min(id) FROM interviews WHERE survey = 'anonymous_pulse' AND state = 'completed'",
        "UPDATE interviews SET comment = 'x' WHERE id = :row",
    ),
    "an issue does not know the interview that it came from": Damage(
        "A low score has its issue",
        "interviews",
        """SELECT min(n.id) FROM interviews n WHERE n.assessed <> '[]'
            AND 1 = (SELECT count(*) FROM issues i WHERE i.responses = '["' || n.id || '"]')
            AND 1 = (SELECT count(*) FROM issues i WHERE i.responses LIKE '%' || n.id || '%')""",
        """UPDATE issues SET responses = '[]' WHERE responses = '["' || :row || '"]'""",
    ),
    "an issue lost its card": Damage(
        "An issue has a card in the team's chat",
        "issues",
        "SELECT min(id) FROM issues WHERE state = 'claimed' AND kind <> 'call' AND resolution = 0",
        """UPDATE outbox SET about = NULL WHERE about = :row AND purpose = 'alert'""",
    ),
    "an open issue has a holder": Damage(
        "An issue is in one person's hands",
        "issues",
        "SELECT min(id) FROM issues WHERE state = 'open'",
        "UPDATE issues SET claimant = 'telegram:5' WHERE id = :row",
    ),
    "a resolution was not told": Damage(
        "A resolution is told to each customer, or the timeline says why not",
        "issues",
        """SELECT min(m.about) FROM outbox m JOIN issues i ON i.id = m.about
            WHERE i.state = 'resolved' AND m.purpose = 'closure'""",
        "UPDATE outbox SET about = NULL WHERE about = :row AND purpose = 'closure'",
    ),
    "a resolution was told twice": Damage(
        "A resolution is told once",
        "issues",
        "SELECT min(id) FROM outbox WHERE purpose = 'closure' AND edits IS NULL AND status = 'sent'",
        "INSERT INTO outbox (id, :message) SELECT 'out_twice', :message FROM outbox WHERE id = :row",
        "SELECT about FROM outbox WHERE id = :row",
    ),
    "a line of a timeline is gone": Damage(
        "The state of an issue follows from its timeline",
        "issues",
        "SELECT min(id) FROM issues WHERE state = 'open'",
        "DELETE FROM issue_events WHERE issue = :row AND number = 0",
    ),
    "an issue is in a state to which nothing led": Damage(
        "The state of an issue follows from its timeline",
        "issues",
        "SELECT min(i.id) FROM issues i WHERE state = 'claimed'",
        "UPDATE issue_events SET event = 'overdue' WHERE issue = :row"
        " AND event IN ('claimed', 'drafted', 'progress', 'asked')",
    ),
    "a message was written for somebody else": Damage(
        "A message goes to the customer it was written for",
        "outbox",
        """SELECT min(m.id) FROM outbox m JOIN interviews n ON n.id = m.about
            WHERE m.purpose = 'survey' AND m.customer = n.customer AND m.customer NOT IN :erased""",
        """UPDATE outbox SET customer = (SELECT min(id) FROM customers
            WHERE opted_out_at IS NULL AND id <> outbox.customer AND id NOT IN :erased) WHERE id = :row""",
    ),
    "a lease was never settled": Damage(
        "A message that is being sent is settled or returned",
        "outbox",
        "SELECT min(id) FROM outbox WHERE purpose = 'reply' AND status = 'dead'",
        "UPDATE outbox SET status = 'leased', leased_until = :long_ago WHERE id = :row",
    ),
    "an erased customer has a name": Damage(
        "Nothing of an erased person is left",
        "customers",
        "SELECT min(id) FROM customers WHERE id IN :erased",
        "UPDATE customers SET name = 'x' WHERE id = :row",
    ),
    "nothing will wake an interview": Damage(
        "What shall happen later has its moment, and what is over has none",
        "interviews",
        "SELECT min(id) FROM interviews WHERE state = 'rating'",
        "UPDATE interviews SET wake_at = NULL WHERE id = :row",
    ),
    "an interview has been due for years": Damage(
        "What is due is done",
        "interviews",
        "SELECT min(id) FROM interviews WHERE state = 'rating'",
        "UPDATE interviews SET wake_at = :long_ago WHERE id = :row",
    ),
    "a link leads to no customer": Damage(
        "A row refers to one that exists (customer in customers)",
        "tokens",
        "SELECT min(hash) FROM tokens",
        "UPDATE tokens SET customer = 'c-of-no-row' WHERE hash = :row",
    ),
    "a closure went to a chat of nobody": Damage(
        "A message to a customer goes to a chat of theirs",
        "outbox",
        """SELECT min(m.id) FROM outbox m JOIN contacts c ON c.customer = m.customer AND c.channel = m.channel
            WHERE m.purpose = 'closure' AND m.edits IS NULL""",
        "UPDATE outbox SET chat = 'nobody' WHERE id = :row",
    ),
    "a message has waited for years": Damage(
        "A message that is due is sent, or it is said why not",
        "outbox",
        "SELECT min(id) FROM outbox WHERE purpose = 'reply' AND status = 'sent' AND obeys_opt_out = FALSE",
        "UPDATE outbox SET status = 'pending', attempts = 0, not_before = :long_ago WHERE id = :row",
    ),
    "an interview has lost its ratings": Damage(
        "An interview has the ratings of its history",
        "interviews",
        "SELECT min(id) FROM interviews WHERE state = 'completed' AND answers <> '[]' AND logged > 0",
        "UPDATE interviews SET answers = '[]' WHERE id = :row",
    ),
    "the words of an erased customer stand in a timeline": Damage(
        "Nothing of an erased person is left",
        "issue_events",
        """SELECT min(c.issue) FROM issue_customers c WHERE c.customer IN :erased
            AND 1 = (SELECT count(*) FROM issue_customers d WHERE d.issue = c.issue)""",
        """UPDATE issue_events SET text = 'x', event = 'customer_wrote' WHERE issue = :row AND number = (
            SELECT max(number) FROM issue_events WHERE issue = :row AND event = 'customer_forgotten')""",
        "SELECT issue || '/' || max(number) FROM issue_events WHERE issue = :row AND event = 'customer_forgotten'"
        " GROUP BY issue",
    ),
}
