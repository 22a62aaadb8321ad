"""What an owner may change, and how a mistake in it is told."""
