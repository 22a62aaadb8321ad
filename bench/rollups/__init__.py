"""What the sums of ratings save a report, and what their upkeep costs."""
