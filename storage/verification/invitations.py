"""Checks of when customers are asked: every closing, once, in time; reminded once; never after an opt-out."""

from storage.verification.check import PromiseCheck

__all__ = ["INVITATION_CHECKS"]

INVITATION_CHECKS = (
    PromiseCheck(
        "A closed ticket is asked about, or carries the reason why not",
        "tickets",
        """
        SELECT t.source || '/' || t.id FROM tickets t
        LEFT JOIN invitations i
            ON i.source = t.source AND i.ticket = t.id AND i.closing = t.closing AND i.occasion = ''
        WHERE t.closing > 0 AND i.id IS NULL
        """,
        "Send the closing again (PUT /api/v1/tickets), or ask by hand.",
    ),
    PromiseCheck(
        "A closing is kept as it was",
        "tickets",
        """
        SELECT DISTINCT i.source || '/' || i.ticket FROM invitations i
        LEFT JOIN closings c ON c.source = i.source AND c.ticket = i.ticket AND c.number = i.closing
        WHERE i.occasion = '' AND i.closing > 0
            AND (c.number IS NULL OR c.agent_id <> i.agent_id OR c.agent_name <> i.agent_name OR c.team <> i.team)
        """,
        "Report it: figures leave this closing out, or count it for somebody else.",
    ),
    PromiseCheck(
        "A survey that is not asked has exactly one reason",
        "invitations",
        """
        SELECT id FROM invitations
        WHERE (state IN ('suppressed', 'unreachable', 'cancelled')) <> (reason IS NOT NULL) AND state <> 'scheduled'
        """,
        "Look at GET /api/v1/tickets/SOURCE/ID and ask by hand where nobody was asked.",
    ),
    PromiseCheck(
        "A survey that counts as asked has its interview",
        "invitations",
        """
        SELECT i.id FROM invitations i LEFT JOIN interviews n ON n.invitation = i.id
        WHERE i.state = 'asked' AND (n.id IS NULL OR i.asked_at IS NULL)
        """,
        "Ask by hand.",
    ),
    PromiseCheck(
        "A closed ticket is asked about before its deadline",
        "invitations",
        """
        SELECT id FROM invitations
        WHERE state = 'scheduled' AND deadline_at < :stale AND (wake_at IS NULL OR wake_at < :stale)
        """,
        "Is the role `tick` running, and is there an alarm `clock`?",
    ),
    PromiseCheck(
        "A survey is asked once",
        "interviews",
        """
        SELECT about FROM outbox
        WHERE purpose = 'survey' AND edits IS NULL AND status = 'sent' AND about LIKE 'int_%' AND campaign = ''
        GROUP BY about HAVING count(*) > 1
        """,
        "The customer was asked twice; look at these messages in the outbox.",
    ),
    PromiseCheck(
        "An unanswered survey has one reminder at most",
        "interviews",
        """
        SELECT about FROM outbox
        WHERE purpose = 'reminder' AND edits IS NULL AND status = 'sent' AND about LIKE 'int_%' AND campaign = ''
        GROUP BY about HAVING count(*) > 1
        """,
        "The customer was reminded twice; look at these messages in the outbox.",
    ),
    PromiseCheck(
        "A reminder comes after the first question, and never after an answer",
        "outbox",
        """
        SELECT m.id FROM outbox m JOIN interviews n ON n.id = m.about
        WHERE m.purpose = 'reminder' AND m.edits IS NULL AND m.campaign = '' AND m.status = 'sent'
            AND (m.created_at < n.asked_at OR EXISTS (
                SELECT 1 FROM answer_logs a WHERE a.response = n.id AND INSTANT(a.at) < m.created_at))
        """,
        "The customer was reminded of what they had answered, or had not seen.",
    ),
    PromiseCheck(
        "After an opt-out nothing begins to be sent",
        "outbox",
        """
        SELECT m.id FROM outbox m JOIN customers c ON c.id = m.customer
        WHERE m.obeys_opt_out = TRUE AND c.opted_out_at IS NOT NULL AND m.created_at > c.opted_out_at
            AND m.status IN ('sent', 'leased', 'unknown', 'pending', 'held')
        """,
        "The customer had opted out before; say sorry, and report it.",
    ),
)
