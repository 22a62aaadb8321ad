"""The page behind the link in a ticket, `/b/{token}`: its customer chooses where we write to them."""
