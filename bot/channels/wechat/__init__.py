"""WeChat: customers in the chat of a service account, inside the windows that the platform leaves open."""
