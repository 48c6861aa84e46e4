import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.domain.open_portal import open_portal
from accounts.forms import time_zones
from accounts.models import User
from core.errors import DomainError


class Command(BaseCommand):
    help = "Set up an empty portal: its consultancy and its first owner, who gets a link that works once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="the address the owner signs in with")
        parser.add_argument("--name", required=True, help="the owner's full name")
        parser.add_argument("--consultancy", required=True, help="the name of the consultancy")
        parser.add_argument("--time-zone", default=settings.CONSULTANCY["time_zone"], help="an IANA name")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from standard input; without it a link is printed",
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        email, name = options["email"], options["name"]
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else ""
        self._refuse_what_is_wrong(options, password)
        try:
            owner, url = open_portal(
                email,
                full_name=name,
                consultancy=options["consultancy"],
                time_zone=options["time_zone"],
                password=password,
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['consultancy']} is set up; {owner.full_label} is its owner.")
        if url:
            self.stdout.write(f"Open this page within {settings.INVITATION_DAYS} days, it works once:\n{url}")

    def _refuse_what_is_wrong(self, options: dict[str, Any], password: str) -> None:
        if options["time_zone"] not in dict(time_zones()):
            raise CommandError(f"{options['time_zone']} is no time zone. Take an IANA name, for example Europe/Berlin.")
        try:
            validate_email(options["email"])
            if options["password_stdin"]:
                validate_password(password, User(email=options["email"], full_name=options["name"]))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
