"""Uploads over the API: hand a bundle over, watch it being read, read what was stored and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from core.models import Job
from core.scopes import Scope
from core.throttles import ReadThrottle, UploadThrottle
from discovery.api.files import SentFile
from discovery.domain.receive_upload import receive_upload
from discovery.found import find_estate, find_file, find_upload
from discovery.models import HiddenSecret, SkippedMember, StoredFile, Upload

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["discovery: uploads"]


class ProgressSerializer(serializers.ModelSerializer[Job]):
    class Meta:
        model = Job
        fields = ["state", "progress_done", "progress_total", "progress_sentence"]
        read_only_fields = fields


class UploadSerializer(serializers.ModelSerializer[Upload]):
    uploaded_by = serializers.CharField(source="uploaded_by.full_name", read_only=True)
    progress = ProgressSerializer(source="job", read_only=True, allow_null=True)

    class Meta:
        model = Upload
        fields = [
            "number",
            "host_label",
            "filename",
            "sha256",
            "byte_count",
            "uploaded_by",
            "uploaded_at",
            "collected_on",
            "state",
            "refusal",
            "read_at",
            "file_count",
            "skipped_count",
            "problem_count",
            "secret_count",
            "progress",
        ]
        read_only_fields = fields


class NewUpload(serializers.Serializer[None]):
    host_label = serializers.CharField(max_length=80, help_text="The host the configuration was collected on.")
    collected_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="Without it the day of the newest file."
    )
    bundle = SentFile(help_text="A .tar, .tar.gz or .zip archive, or one file such as main.cf.")


class UploadFilter(serializers.Serializer[None]):
    state = serializers.ChoiceField(Upload.State.choices, required=False)
    host_label = serializers.CharField(required=False, help_text="The host it was collected on.")


class UploadList(ListAPIView[Upload]):
    act_scope = Scope.UPLOAD
    serializer_class = UploadSerializer
    parser_classes = [MultiPartParser]
    throttle_classes = [ReadThrottle, UploadThrottle]

    def get_queryset(self) -> QuerySet[Upload]:
        engagement = find_estate(self.request, self.kwargs["code"])
        asked = checked(UploadFilter, self.request.query_params)
        visible = Upload.objects.visible_to(reader_of(self.request)).filter(engagement=engagement, **asked)
        return visible.select_related("uploaded_by", "job")

    @extend_schema(tags=TAGS, summary="Uploads, latest first", parameters=[UploadFilter])
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS,
        summary="Upload a configuration",
        request={"multipart/form-data": NewUpload},
        responses={201: UploadSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """It is read by a job; `progress` says how far it is."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
        sent = checked(NewUpload, request.data)
        upload = receive_upload(
            engagement,
            filename=sent["bundle"].name,
            content_file=sent["bundle"].file,
            host_label=sent["host_label"],
            collected_on=sent["collected_on"],
            actor=reader_of(request),
        )
        return Response(UploadSerializer(upload).data, status=201)


class UploadDetail(APIView):
    @extend_schema(tags=TAGS, summary="One upload, and how far it is read", responses=UploadSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return Response(UploadSerializer(find_upload(request, find_estate(request, code), number)).data)


class FileSerializer(serializers.ModelSerializer[StoredFile]):
    class Meta:
        model = StoredFile
        fields = ["path", "byte_count", "sha256", "encoding"]
        read_only_fields = fields


class FileTextSerializer(FileSerializer):
    text = serializers.CharField(read_only=True)

    class Meta(FileSerializer.Meta):
        fields = [*FileSerializer.Meta.fields, "text"]
        read_only_fields = fields


class SkippedSerializer(serializers.ModelSerializer[SkippedMember]):
    class Meta:
        model = SkippedMember
        fields = ["path", "reason"]
        read_only_fields = fields


class SecretSerializer(serializers.ModelSerializer[HiddenSecret]):
    class Meta:
        model = HiddenSecret
        fields = ["path", "line", "kind", "fingerprint"]
        read_only_fields = fields


@extend_schema(tags=TAGS, summary="Files of an upload, secrets masked")
class FileList(ListAPIView[StoredFile]):
    serializer_class = FileSerializer

    def get_queryset(self) -> QuerySet[StoredFile]:
        return StoredFile.objects.visible_to(reader_of(self.request)).filter(upload=_upload(self)).defer("content")


class FileDetail(APIView):
    @extend_schema(tags=TAGS, summary="The text of a file, secrets masked", responses=FileTextSerializer)
    def get(self, request: Request, code: str, number: int, path: str) -> Response:
        upload = find_upload(request, find_estate(request, code), number)
        return Response(FileTextSerializer(find_file(request, upload, path)).data)


@extend_schema(tags=TAGS, summary="What of an upload was not read, and why")
class SkippedList(ListAPIView[SkippedMember]):
    serializer_class = SkippedSerializer

    def get_queryset(self) -> QuerySet[SkippedMember]:
        return SkippedMember.objects.visible_to(reader_of(self.request)).filter(upload=_upload(self)).order_by("pk")


@extend_schema(tags=TAGS, summary="Where secrets were masked")
class SecretList(ListAPIView[HiddenSecret]):
    serializer_class = SecretSerializer

    def get_queryset(self) -> QuerySet[HiddenSecret]:
        return HiddenSecret.objects.visible_to(reader_of(self.request)).filter(upload=_upload(self))


def _upload(view: ListAPIView[Any]) -> Upload:
    return find_upload(view.request, find_estate(view.request, view.kwargs["code"]), view.kwargs["number"])
