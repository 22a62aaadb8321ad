"""One file per row of the field's requirements (reference, rows), named by its id."""
