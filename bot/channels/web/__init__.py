"""The page as a channel: customers who are asked there and nowhere else."""
