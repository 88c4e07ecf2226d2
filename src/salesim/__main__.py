"""`python -m salesim` is the command `salesim`."""

import sys

from salesim.cli import main

sys.exit(main())
