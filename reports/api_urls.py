from django.urls import path

from reports import api, build_api

app_name = "reports"

urlpatterns = [
    path("comments/", api.CommentList.as_view(), name="comments"),
    path("comments/<int:comment>/resolve/", api.CommentResolve.as_view(), name="comment_resolve"),
    path("review/", api.GateReview.as_view(), name="review"),
    path("language/", build_api.DocumentLanguage.as_view(), name="language"),
    path("freeze/", build_api.DocumentFreeze.as_view(), name="freeze"),
]
