"""Before whom a quote lies, over the API: what became of the mail to each, and what sales does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.reader import reader_of
from accounts.token_api import proved_at
from core.api import APIView
from core.asked import checked
from pricing.domain.follow_contact import mail_again, record_bounce, resume_mail
from pricing.domain.forward_quote import forward_quote
from pricing.found import find_contact, find_quote_for
from pricing.models import QuoteContact
from pricing.tracking import contacts_of

if TYPE_CHECKING:
    from rest_framework.request import Request

    from pricing.models import Quote

TAGS = ["pricing: quotes"]


class ContactSerializer(serializers.Serializer[Any]):
    """The link itself is told to nobody but the contact.

    `refusal` is what our mail server said. Where `is_paused`, mail came back and nothing more is sent to the address.
    """

    id = serializers.IntegerField(source="pk")
    full_name = serializers.CharField()
    email = serializers.EmailField()
    origin = serializers.ChoiceField(QuoteContact.Origin.choices)
    added_at = serializers.DateTimeField()
    mailed_at = serializers.DateTimeField(allow_null=True)
    first_opened_at = serializers.DateTimeField(allow_null=True)
    last_opened_at = serializers.DateTimeField(allow_null=True)
    open_count = serializers.IntegerField()
    bounced_at = serializers.DateTimeField(allow_null=True)
    bounce_note = serializers.CharField()
    refused_at = serializers.DateTimeField(allow_null=True)
    refusal = serializers.CharField(allow_null=True)
    came_back_at = serializers.DateTimeField(allow_null=True)
    is_paused = serializers.BooleanField()
    renewal_asked_at = serializers.DateTimeField(allow_null=True)


class ForwardSerializer(serializers.Serializer[Any]):
    full_name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254)


class BounceSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=400)


class ResumeSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=400)


class ContactList(APIView):
    @extend_schema(tags=TAGS, summary="Before whom a quote lies", responses=ContactSerializer(many=True))
    def get(self, request: Request, reference: str) -> Response:
        return Response(
            ContactSerializer(contacts_of(find_quote_for(request, reference, Permission.SEND_QUOTE)), many=True).data
        )

    @extend_schema(
        tags=TAGS,
        summary="Put an open quote before somebody else",
        request=ForwardSerializer,
        responses={201: ContactSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
        sent = checked(ForwardSerializer, request.data)
        added = forward_quote(quote, actor=reader_of(request), authenticated_at=proved_at(request), **sent)
        return _shown(quote, added, status=201)


class ContactBounced(APIView):
    @extend_schema(
        tags=TAGS, summary="Note that the mail came back", request=BounceSerializer, responses={200: ContactSerializer}
    )
    def post(self, request: Request, reference: str, contact: int) -> Response:
        quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
        found = find_contact(request, quote, contact)
        sent = checked(BounceSerializer, request.data)
        return _shown(quote, record_bounce(found, actor=reader_of(request), note=sent["note"]))


class ContactMail(APIView):
    @extend_schema(tags=TAGS, summary="Mail the same link again", request=None, responses={200: ContactSerializer})
    def post(self, request: Request, reference: str, contact: int) -> Response:
        quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
        return _shown(quote, mail_again(find_contact(request, quote, contact), actor=reader_of(request)))


class ContactResume(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Send to an address again from which mail came back",
        request=ResumeSerializer,
        responses={200: ContactSerializer},
    )
    def post(self, request: Request, reference: str, contact: int) -> Response:
        quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
        found = find_contact(request, quote, contact)
        sent = checked(ResumeSerializer, request.data)
        return _shown(quote, resume_mail(found, actor=reader_of(request), reason=sent["reason"]))


def _shown(quote: Quote, contact: QuoteContact, *, status: int = 200) -> Response:
    row = next(one for one in contacts_of(quote) if one.pk == contact.pk)
    return Response(ContactSerializer(row).data, status=status)
