"""The control socket: commands of the command line run in the service, or in their own process where none runs."""
