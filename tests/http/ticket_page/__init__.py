"""The page behind the link in a ticket, and what is written there."""
