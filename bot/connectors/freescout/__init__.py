"""FreeScout: its module API and Webhooks."""
