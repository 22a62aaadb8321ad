"""What admins and agents ask in their chats is read here before it is decided."""
