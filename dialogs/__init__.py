"""What to say next: the state machines of a conversation, pure and timeless."""
