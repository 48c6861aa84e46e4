from django.urls import path

from pricing.api import requests

app_name = "requests"

urlpatterns = [
    path("", requests.RequestList.as_view(), name="list"),
    path("pipeline/", requests.PipelineDetail.as_view(), name="pipeline"),
    path("preview/", requests.Preview.as_view(), name="preview"),
    path("<str:code>/", requests.RequestDetail.as_view(), name="request"),
    path("<str:code>/draft/", requests.RequestDraft.as_view(), name="draft"),
    path("<str:code>/stay/", requests.RequestStay.as_view(), name="stay"),
]
