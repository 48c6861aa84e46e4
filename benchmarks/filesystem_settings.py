"""The peer without a server: messages in files, looked for ten times a second."""

from portal.settings.dev import *  # noqa: F403 (a settings module is its names)
from portal.settings.dev import env

CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": env("BENCH_FOLDER"),
    "data_folder_out": env("BENCH_FOLDER"),
    "control_folder": env("BENCH_FOLDER"),
    "polling_interval": 0.1,
}
