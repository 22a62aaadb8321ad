"""What is read in the words of responses: which are new, and what is written of them."""
