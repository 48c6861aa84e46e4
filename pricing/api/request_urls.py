from django.urls import path

from pricing.api import clock, pipeline, requests

app_name = "requests"

urlpatterns = [
    path("", requests.RequestList.as_view(), name="list"),
    path("pipeline/", pipeline.PipelineDetail.as_view(), name="pipeline"),
    path("figures/", pipeline.FiguresDetail.as_view(), name="figures"),
    path("preview/", requests.Preview.as_view(), name="preview"),
    path("<str:code>/", requests.RequestDetail.as_view(), name="request"),
    path("<str:code>/owner/", clock.RequestOwner.as_view(), name="owner"),
    path("<str:code>/late/", clock.RequestLate.as_view(), name="late"),
    path("<str:code>/draft/", requests.RequestDraft.as_view(), name="draft"),
    path("<str:code>/stay/", requests.RequestStay.as_view(), name="stay"),
    path("<str:code>/paper/", requests.RequestPaper.as_view(), name="paper"),
]
