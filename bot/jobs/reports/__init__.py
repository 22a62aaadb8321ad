"""Reports for people: what of each kind is read, and the document made of it."""
