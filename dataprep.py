"""The offline batch; ``python dataprep.py --help`` lists its commands, docs/dataprep.md explains them."""

import sys

from core.cli import campaigns, care, models, shows  # noqa: F401 - each registers its commands
from core.cli.ending import main
from core.cli.terminal import app

__all__ = ["app", "main"]

if __name__ == "__main__":
    sys.exit(main())
