"""Commands on outgoing webhooks."""
