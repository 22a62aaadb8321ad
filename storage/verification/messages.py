"""Checks of messages: to whom they were written for, leased for a while, once for each occurrence of a campaign."""

from storage.verification.check import PromiseCheck

__all__ = ["MESSAGE_CHECKS"]

MESSAGE_CHECKS = (
    PromiseCheck(
        "A message goes to the customer it was written for",
        "outbox",
        """
        SELECT m.id FROM outbox m JOIN interviews n ON n.id = m.about
        WHERE m.customer IS NOT NULL AND m.customer <> n.customer
        """,
        "Compare the message's customer with the interview's, and report it.",
    ),
    PromiseCheck(
        "A survey goes to a chat of its customer",
        "outbox",
        """
        SELECT m.id FROM outbox m JOIN interviews n ON n.id = m.about
        WHERE m.purpose IN ('survey', 'reminder') AND m.chat <> '' AND n.chat <> ''
            AND (m.channel <> n.channel OR m.chat <> n.chat)
            AND NOT EXISTS (
                SELECT 1 FROM contacts c
                WHERE c.customer = n.customer AND c.channel = m.channel AND c.chat = m.chat)
        """,
        "Compare the message's chat with the customer's contacts, and report it.",
    ),
    PromiseCheck(
        "A message to a customer goes to a chat of theirs",
        "outbox",
        """
        SELECT m.id FROM outbox m
        WHERE m.customer IS NOT NULL AND m.purpose IN ('closure', 'campaign') AND m.chat <> ''
            AND EXISTS (SELECT 1 FROM contacts c WHERE c.customer = m.customer AND c.channel = m.channel)
            AND NOT EXISTS (
                SELECT 1 FROM contacts c
                WHERE c.customer = m.customer AND c.channel = m.channel AND c.chat = m.chat)
            AND NOT EXISTS (
                SELECT 1 FROM interviews n
                WHERE n.customer = m.customer AND n.channel = m.channel AND n.chat = m.chat)
        """,
        "Compare the message's chat with the customer's contacts, and report it.",
    ),
    PromiseCheck(
        "A message that is being sent is settled or returned",
        "outbox",
        "SELECT id FROM outbox WHERE status = 'leased' AND leased_until < :late",
        "Is the role `send` running? A start of the service settles it as in doubt.",
    ),
    PromiseCheck(
        "A message that is due is sent, or it is said why not",
        "outbox",
        """
        SELECT id FROM outbox
        WHERE status = 'pending' AND attempts = 0 AND campaign = '' AND coalesce(not_before, created_at) < :stale
        """,
        "Is the role `send` running, and is there an alarm?",
    ),
    PromiseCheck(
        "A campaign reaches a customer once for each occurrence",
        "outbox",
        """
        SELECT m.id FROM outbox m JOIN (
            SELECT campaign, customer, max(seq) AS last FROM outbox
            WHERE campaign <> '' AND edits IS NULL AND customer IS NOT NULL AND status = 'sent'
            GROUP BY campaign, customer
            HAVING count(*) > (
                SELECT count(*) FROM campaign_targets t
                WHERE t.campaign = outbox.campaign AND t.customer = outbox.customer)
        ) twice ON twice.last = m.seq
        """,
        "The customer was written to twice; look at the campaign's messages.",
    ),
    PromiseCheck(
        "A target that was handed over has its message",
        "campaign_targets",
        """
        SELECT t.campaign || '/' || t.customer FROM campaign_targets t
        WHERE t.state = 'handed' AND t.message = ''
        """,
        "This customer got nothing; start the campaign for them again.",
    ),
)
