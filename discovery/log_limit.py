"""How large a mail log may be that is sent, and what to do with a larger one."""

from core.uploads import LargeFiles

LARGE_LOGS = LargeFiles(
    "LOG_LIMIT_BYTES",
    "Nothing of it was kept. Compress the log with xz or zstd, or upload its rotated files one by one; "
    "the collector takes the last lines only, with --logs",
)
