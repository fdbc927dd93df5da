"""`python -m thermo`: the command line without its installed script."""

import sys

from thermo.cli import main

sys.exit(main())
