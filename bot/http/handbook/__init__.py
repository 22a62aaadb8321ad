"""The documents of the product and the description of its API, as pages of the running product at `/docs`."""
