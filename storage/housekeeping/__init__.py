"""Deletion of rows that nothing needs any more: deliveries, and messages that were sent."""
