"""The settings of each channel, what keeps them from working together, and what should be changed about them."""
