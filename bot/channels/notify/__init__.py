"""Any other group, mailbox or pager of the team, through Apprise."""
