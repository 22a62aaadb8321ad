"""Where the time of one answer goes: spans of a running service, and the anatomy made of them."""
