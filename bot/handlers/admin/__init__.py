"""Commands of admins in a chat: campaigns, roster, figures, pause. Each change is in the audit log."""
