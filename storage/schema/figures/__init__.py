"""Tables of figures that are kept, and of what tells that they are out of date."""
