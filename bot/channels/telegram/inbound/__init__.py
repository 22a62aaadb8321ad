"""What Telegram tells us: by polling or by webhook, decoded, and read as what was said."""
