from django.urls import path

from engagements import api

app_name = "engagements"

urlpatterns = [
    path("", api.EngagementList.as_view(), name="engagements"),
    path("<str:code>/", api.EngagementDetail.as_view(), name="engagement"),
]
