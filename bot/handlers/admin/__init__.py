"""What admins do from their chats: campaigns, the team, figures, pausing; all of it written into the audit log."""
