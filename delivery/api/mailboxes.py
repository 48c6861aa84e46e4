"""The mailboxes that are read over IMAP, over the API: set one, see how it fares, test, pause and remove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from delivery.domain.read_mailbox import ask_test
from delivery.domain.set_mailbox import pause_mailbox, remove_mailbox, set_mailbox
from delivery.feedback.imap import Account
from delivery.found import find_mailbox
from delivery.models import Mailbox
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["delivery: bounces and complaints"]


class NewMailbox(serializers.Serializer[None]):
    host = serializers.CharField(max_length=253, help_text="A name in DNS, at a public address.")
    port = serializers.ChoiceField(Mailbox.Port.choices, default=Mailbox.Port.TLS)
    username = serializers.CharField(max_length=320)
    password = serializers.CharField(
        max_length=1000, trim_whitespace=False, write_only=True, help_text="Kept encrypted; no answer holds it."
    )
    folder = serializers.CharField(max_length=200, default="INBOX")


class MailboxSerializer(serializers.ModelSerializer[Mailbox]):
    class Meta:
        model = Mailbox
        fields = [
            "number", "host", "port", "username", "folder", "is_paused", "state", "said", "failures", "set_at",
            "due_at", "looked_at", "read_at", "read_count", "new_count", "strange",
        ]  # fmt: skip
        read_only_fields = fields


class Mailboxes(ListAPIView[Mailbox]):
    serializer_class = MailboxSerializer

    def get_queryset(self) -> QuerySet[Mailbox]:
        engagement = find_estate(self.request, self.kwargs["code"])
        visible = Mailbox.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.defer("sealed_password")

    @extend_schema(tags=TAGS, summary="Mailboxes that are read over IMAP")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(tags=TAGS, summary="Set a mailbox", request=NewMailbox, responses={201: MailboxSerializer})
    def post(self, request: Request, code: str) -> Response:
        """The same name and folder at the same host is the same mailbox: it goes on where it stood."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
        account = Account(**checked(NewMailbox, request.data))
        mailbox = set_mailbox(engagement, account=account, actor=reader_of(request))
        return Response(MailboxSerializer(mailbox).data, status=201)


class MailboxTest(APIView):
    @extend_schema(tags=TAGS, summary="Test a mailbox", request=None, responses={202: MailboxSerializer})
    def post(self, request: Request, code: str, number: int) -> Response:
        """By a job; what it found stands in “said” of the mailbox when “looked_at” has changed."""
        mailbox = find_mailbox(request, find_estate(request, code), number)
        ask_test(mailbox, actor=reader_of(request))
        return Response(MailboxSerializer(mailbox).data, status=202)


class MailboxPause(APIView):
    @extend_schema(tags=TAGS, summary="Pause a mailbox", request=None, responses=MailboxSerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        """409 where it is paused already."""
        mailbox = find_mailbox(request, find_estate(request, code), number)
        return Response(MailboxSerializer(pause_mailbox(mailbox, is_paused=True, actor=reader_of(request))).data)


class MailboxResume(APIView):
    @extend_schema(tags=TAGS, summary="Read a paused mailbox again", request=None, responses=MailboxSerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        """From where it stood. 409 where it is not paused."""
        mailbox = find_mailbox(request, find_estate(request, code), number)
        return Response(MailboxSerializer(pause_mailbox(mailbox, is_paused=False, actor=reader_of(request))).data)


class MailboxRemove(APIView):
    @extend_schema(tags=TAGS, summary="Remove a mailbox", request=None, responses={204: None})
    def post(self, request: Request, code: str, number: int) -> Response:
        """With its password; what was taken from it stays."""
        remove_mailbox(find_mailbox(request, find_estate(request, code), number), actor=reader_of(request))
        return Response(status=204)
