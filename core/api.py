"""What every address of the API is made of. A view that derives from anything else breaks a law."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db.models import Model
from rest_framework import generics, views

from core.errors import Refused
from core.repeats import HEADER, answer_once
from core.scopes import Scope, require_scope

if TYPE_CHECKING:
    from django.http import HttpResponseBase
    from rest_framework.request import Request

Row_co = TypeVar("Row_co", bound=Model, covariant=True)


# No docstrings on these: the schema would show them as the description of each operation without its own.
class APIView(views.APIView):
    # Whether the answer to a POST holds what is shown once and kept nowhere.
    shows_secret: ClassVar[bool] = False
    # What a token has to be for to do what is not reading here. Every token for reading reads.
    act_scope: ClassVar[Scope] = Scope.ALL
    # Whether it is about the reader's own account, as only a person has one.
    for_people: ClassVar[bool] = False

    def initial(self, request: Request, *arguments: Any, **keywords: Any) -> None:
        """After who asks, whether they may and how often: all of that holds for a repeated request, too."""
        super().initial(request, *arguments, **keywords)
        require_scope(request, self.act_scope)
        if self.for_people and getattr(request.user, "is_service", False):
            raise Refused("You may not do this: a service user has no profile. Whoever made it sees to its tokens.")
        act = getattr(self, "post", None)
        if request.method == "POST" and act is not None and HEADER in request.headers:
            vars(self)["post"] = partial(self._post_once, act)  # where DRF looks the method up next

    def _post_once(self, act: Any, request: Request, *arguments: Any, **keywords: Any) -> HttpResponseBase:
        return answer_once(partial(act, request, *arguments, **keywords), request, shows_secret=self.shows_secret)


class ListAPIView(APIView, generics.ListAPIView[Row_co]):
    # By what a row that comes from no table is known again, where the next page begins.
    row_name: ClassVar[tuple[str, ...]] = ("id",)
