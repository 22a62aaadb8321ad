"""The private door: commands of the command line, done by the service that runs or, where none does, by themselves."""
