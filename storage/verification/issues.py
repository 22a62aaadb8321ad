"""Checks of issues: found, shown to the team, in one person's hands, told to the customer once."""

from storage.verification.check import PromiseCheck

__all__ = ["ISSUE_CHECKS"]

ISSUE_CHECKS = (
    PromiseCheck(
        "A low score has its issue",
        "interviews",
        """
        WITH known AS MATERIALIZED (SELECT DISTINCT e.value AS id FROM issues i, EACH_STRING(i.responses) AS e)
        SELECT n.id FROM interviews n LEFT JOIN known k ON k.id = n.id
        WHERE n.assessed <> '[]' AND k.id IS NULL
        """,
        "Open an issue by hand (POST /api/v1/issues).",
    ),
    PromiseCheck(
        "An issue has a card in the team's chat",
        "issues",
        """
        SELECT i.id FROM issues i
        JOIN (SELECT min(created_at) AS first, max(created_at) AS last FROM outbox WHERE purpose = 'alert') cards
            ON i.opened_at BETWEEN cards.first AND cards.last
        WHERE i.kind <> 'call' AND i.state <> 'closed'
            AND NOT EXISTS (SELECT 1 FROM outbox m WHERE m.about = i.id AND m.purpose = 'alert')
        """,
        "Tell the team; any change to the issue draws its card.",
    ),
    PromiseCheck(
        "An issue is in one person's hands",
        "issues",
        """
        SELECT id FROM issues
        WHERE (state = 'open' AND claimant IS NOT NULL) OR (state IN ('claimed', 'resolved') AND claimant IS NULL)
        """,
        "Release it, and claim it again.",
    ),
    PromiseCheck(
        "An issue is known by its tickets and customers",
        "issues",
        """
        SELECT i.id FROM issues i, EACH_STRING(i.customers) AS e
        WHERE NOT EXISTS (SELECT 1 FROM issue_customers c WHERE c.issue = i.id AND c.customer = e.value)
        """,
        "Report it: /status and erasure would not find this issue.",
    ),
    PromiseCheck(
        "A resolution is told to each customer, or the timeline says why not",
        "issues",
        """
        SELECT DISTINCT i.id FROM issues i, EACH_STRING(i.customers) AS e
        WHERE i.state = 'resolved'
            AND NOT EXISTS (
                SELECT 1 FROM outbox m WHERE m.about = i.id AND m.purpose = 'closure' AND m.edits IS NULL
                    AND m.round = i.resolution AND m.customer = e.value)
            AND NOT EXISTS (
                SELECT 1 FROM issue_events l WHERE l.issue = i.id
                    AND l.event IN ('closure_not_sent', 'closure_undeliverable')
                    AND l.number > (
                        SELECT max(r.number) FROM issue_events r WHERE r.issue = i.id AND r.event = 'resolved'))
        """,
        "Tell the customer, then reopen and resolve it.",
    ),
    PromiseCheck(
        "A resolution is told once",
        "issues",
        """
        SELECT about FROM outbox
        WHERE purpose = 'closure' AND edits IS NULL AND status = 'sent' AND about LIKE 'iss_%'
        GROUP BY about, round, customer HAVING count(*) > 1
        """,
        "The customer was told twice; look at these messages in the outbox.",
    ),
)
