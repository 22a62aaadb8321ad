"""`python -m bot` is `huifang`."""

import sys

from bot.cli import main

sys.exit(main())
