"""How far a PDF is that a worker makes, over the API."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.response import Response

from core.jobs import label_of
from core.models import Job


class DrawnPaperSerializer(serializers.ModelSerializer[Job]):
    """`sentence` says what is done now, or why it failed; `result` is null until it is done."""

    sentence = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = ["state", "sentence", "created_at", "finished_at", "result"]
        read_only_fields = fields

    def get_sentence(self, job: Job) -> str:
        return job.error_sentence or job.progress_sentence or label_of(job.kind)


def paper_shown(job: Job) -> Response:
    return Response(DrawnPaperSerializer(job).data, status=202)
