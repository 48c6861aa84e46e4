"""Acts over several findings over the API, as the review queue does them: all or none, and a way back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from discovery.api.finding_shapes import (
    AssignChosenSerializer,
    BatchSerializer,
    ChosenSerializer,
    ClassifyChosenSerializer,
    DismissChosenSerializer,
    MergeChosenSerializer,
    ReviewedSerializer,
    UndoneSerializer,
)
from discovery.domain.accept_finding import accept_findings
from discovery.domain.assign_findings import assign_findings, person_on_the_team
from discovery.domain.classify_findings import classify_findings
from discovery.domain.dismiss_finding import dismiss_findings
from discovery.domain.merge_duplicates import merge_duplicates
from discovery.domain.undo_review import undo_batch
from discovery.found import find_reviewed

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.serializers import Serializer

    from discovery.domain.review_several import Reviewed
    from engagements.models import Engagement

TAGS = ["discovery: findings"]


class ReviewSeveral(ABC, APIView):
    """All of them or none. `batch` takes it back."""

    takes: type[Serializer[None]] = ChosenSerializer

    def post(self, request: Request, code: str) -> Response:
        """All of them or none. `batch` takes it back."""
        engagement = find_reviewed(request, code)
        sent = checked(self.takes, request.data)
        versions = {one["number"]: one["version"] for one in sent.pop("findings")}
        reviewed = self.act(engagement, versions=versions, actor=reader_of(request), **sent)
        return Response(ReviewedSerializer(reviewed).data)

    @abstractmethod
    def act(self, engagement: Engagement, **chosen: Any) -> Reviewed: ...


@extend_schema_view(
    post=extend_schema(
        operation_id="accept_chosen_findings",
        tags=TAGS,
        summary="Accept several findings at once",
        request=ChosenSerializer,
        responses=ReviewedSerializer,
    )
)
class AcceptChosen(ReviewSeveral):
    def act(self, engagement: Engagement, **chosen: Any) -> Reviewed:
        return accept_findings(engagement, **chosen)


@extend_schema_view(
    post=extend_schema(
        operation_id="dismiss_chosen_findings",
        tags=TAGS,
        summary="Dismiss several findings for one reason",
        request=DismissChosenSerializer,
        responses=ReviewedSerializer,
    )
)
class DismissChosen(ReviewSeveral):
    takes = DismissChosenSerializer

    def act(self, engagement: Engagement, **chosen: Any) -> Reviewed:
        return dismiss_findings(engagement, **chosen)


@extend_schema_view(
    post=extend_schema(
        operation_id="merge_chosen_findings",
        tags=TAGS,
        summary="Merge several findings into another one",
        request=MergeChosenSerializer,
        responses=ReviewedSerializer,
    )
)
class MergeChosen(ReviewSeveral):
    takes = MergeChosenSerializer

    def act(self, engagement: Engagement, **chosen: Any) -> Reviewed:
        return merge_duplicates(engagement, **chosen)


@extend_schema_view(
    post=extend_schema(
        operation_id="classify_chosen_findings",
        tags=TAGS,
        summary="Give several findings a class",
        request=ClassifyChosenSerializer,
        responses=ReviewedSerializer,
    )
)
class ClassifyChosen(ReviewSeveral):
    takes = ClassifyChosenSerializer

    def act(self, engagement: Engagement, **chosen: Any) -> Reviewed:
        return classify_findings(engagement, letter=chosen.pop("translation_class"), **chosen)


@extend_schema_view(
    post=extend_schema(
        operation_id="assign_chosen_findings",
        tags=TAGS,
        summary="Give several findings to somebody on the team",
        request=AssignChosenSerializer,
        responses=ReviewedSerializer,
    )
)
class AssignChosen(ReviewSeveral):
    takes = AssignChosenSerializer

    def act(self, engagement: Engagement, **chosen: Any) -> Reviewed:
        assignee = person_on_the_team(engagement, chosen.pop("assignee") or "")
        return assign_findings(engagement, assignee=assignee, **chosen)


class UndoChosen(APIView):
    @extend_schema(
        operation_id="undo_chosen_findings",
        tags=TAGS,
        summary="Take back an act over one or several findings",
        request=BatchSerializer,
        responses=UndoneSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        engagement = find_reviewed(request, code)
        batch = checked(BatchSerializer, request.data)["batch"]
        undone = undo_batch(engagement, batch=batch, actor=reader_of(request))
        return Response(UndoneSerializer(undone).data)
