"""The web server: the API, webhooks, pages, probes."""
