"""A portal on another machine, as far as its commands can tell."""

import os
import subprocess
import sys

import psycopg
from django.db import connection

from portal.broker import conninfo_of
from portal.embedded import ROOT
from portal.holdings import holdings
from tests.places import address_of


class Machine:
    """Another one: its own database, its own keys, the same secrets."""

    def __init__(self, folder, name, *, secret="of both"):
        self.name, self.folder, self.secret = name, folder / name, secret
        self.folder.mkdir()

    def gatepost(self, *words):
        environment = os.environ | {
            "DATABASE_URL": address_of(self.name),
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
            "SECRET_KEY": self.secret,
            "GATEPOST_VAR": str(self.folder),
        }
        command = [sys.executable, "-m", "portal.cli", *map(str, words)]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    def connected(self):
        return psycopg.connect(psycopg.conninfo.make_conninfo(conninfo_of(connection.settings_dict), dbname=self.name))

    def holdings(self):
        with self.connected() as to:
            return holdings(to)

    def asked(self, statement):
        with self.connected() as to:
            return to.execute(statement).fetchone()
