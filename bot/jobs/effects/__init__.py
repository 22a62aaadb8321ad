"""What a change comes to: two windows of time beside each other."""
