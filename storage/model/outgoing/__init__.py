"""The records of outgoing webhooks: endpoints, what happened, and what was delivered."""
