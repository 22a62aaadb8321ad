"""The product with every decision in a commit of its own: what batching is measured against."""

import os
from pathlib import Path

from bot.app import ROLES, serve
from config.settings.loading import load_settings

if __name__ == "__main__":
    serve(load_settings(os.environ, None, Path.cwd()), ROLES, batch_limit=1)
