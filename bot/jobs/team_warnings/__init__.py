"""What the team is warned of: ratings that get worse, and tickets whose time is nearly over."""
