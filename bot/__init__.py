"""The shell: channels, handlers, HTTP, clock and process around the pure rooms."""
