"""`python -m runtime` is the command `attune`, for checkouts whose scripts are not on the path."""

import sys

from runtime.cli import main

sys.exit(main())
