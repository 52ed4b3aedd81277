"""Run aftercare in an environment given as arguments, where a timer cannot give one.

``python -m aftercare.cli.carry TZ=Europe/London -- remind run``
"""

import os
import sys
from urllib.parse import unquote


def main() -> None:
    """Put the environment in place and run."""
    end = sys.argv.index("--")
    for assignment in sys.argv[1:end]:
        name, _, value = unquote(assignment).partition("=")
        os.environ[name] = value
    sys.argv = ["aftercare", *sys.argv[end + 1 :]]
    from aftercare.__main__ import main as run

    run()


if __name__ == "__main__":
    main()
