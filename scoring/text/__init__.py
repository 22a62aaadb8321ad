"""What a comment says: clauses, what each is about, and whether it praises or blames; words are handed in as values."""
