"""Commands on what help desks deliver."""
