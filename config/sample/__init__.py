"""The sample company: what its files say."""
