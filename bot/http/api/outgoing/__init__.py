"""Outgoing webhooks by API: endpoints, their deliveries, and what events say."""
