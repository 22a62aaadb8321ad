"""Routes that say what a change comes to, and how sure a figure can be."""
