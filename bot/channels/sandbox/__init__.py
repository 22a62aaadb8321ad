"""The sandbox: a customer's phone and the team's group, drawn on a page of ours and played by one person."""
