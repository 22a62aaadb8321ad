"""What it takes to run the product elsewhere: the container, the unit of systemd, a shell that completes commands."""
