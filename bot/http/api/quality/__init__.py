"""Quality by API: what people enter beside the figures, and the review of a period."""
