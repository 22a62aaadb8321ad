"""What is found, what is changed because of it, whether that helped, and who is told: one machine for all of it."""
