"""What typed words are read as."""
