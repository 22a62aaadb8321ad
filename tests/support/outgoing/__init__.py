"""What tests of outgoing webhooks need."""
