"""The line to the proxy over the API: set and removed. Its token is never told again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from delivery.domain.proxy_line import remove_line, set_line
from delivery.models import ProxyLine
from discovery.found import find_estate

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["delivery: parallel delivery"]


class ProxyLineSerializer(serializers.ModelSerializer[ProxyLine]):
    set_by = serializers.CharField(source="set_by.full_name", read_only=True)

    class Meta:
        model = ProxyLine
        fields = ["url", "set_at", "set_by"]
        read_only_fields = fields


class NewProxyLine(serializers.Serializer[None]):
    url = serializers.CharField(max_length=300, help_text="http://host:port, as the portal reaches it.")
    token = serializers.CharField(max_length=500, write_only=True, help_text="As the proxy's file names it.")


class Line(APIView):
    @extend_schema(tags=TAGS, summary="Set the proxy line", request=NewProxyLine, responses={201: ProxyLineSerializer})
    def post(self, request: Request, code: str) -> Response:
        """Takes the place of the one before. From now on the portal tells the proxy every change by itself."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
        line = set_line(engagement, actor=reader_of(request), **checked(NewProxyLine, request.data))
        return Response(ProxyLineSerializer(line).data, status=201)


class LineRemove(APIView):
    @extend_schema(tags=TAGS, summary="Remove the line to the proxy", request=None, responses={204: None})
    def post(self, request: Request, code: str) -> Response:
        """409 where there is none."""
        remove_line(find_estate(request, code), actor=reader_of(request))
        return Response(status=204)
