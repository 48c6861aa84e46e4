"""Whether the web process of this container answers, under a name that it is known by: `python -m portal.pulse`."""

import os
from urllib.request import Request, urlopen

ADDRESS = "http://127.0.0.1:8000/healthz"
PATIENCE = 5  # seconds


def main() -> None:
    """Raises URLError where it does not, which is what the container's runtime looks at."""
    name = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    with urlopen(Request(ADDRESS, headers={"Host": name}), timeout=PATIENCE):
        return


if __name__ == "__main__":
    main()
