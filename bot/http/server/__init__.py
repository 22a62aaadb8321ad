"""The web server: what it listens with, how much it takes from whom, and how it stops."""
