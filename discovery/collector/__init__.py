"""The script that customers run on their hosts, and its fingerprint as the page shows it."""

import hashlib
from pathlib import Path

NAME = "gatepost-collect.sh"
SCRIPT = (Path(__file__).parent / NAME).read_bytes()
SHA256 = hashlib.sha256(SCRIPT).hexdigest()
