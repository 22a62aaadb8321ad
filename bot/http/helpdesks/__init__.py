"""The addresses of help desks that deliver in their own formats, and what is kept of their deliveries."""
