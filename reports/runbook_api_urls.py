from django.urls import path

from reports import runbook_api as api

app_name = "runbooks"

urlpatterns = [
    path("", api.Runbooks.as_view(), name="runbooks"),
    path("approve/", api.RunbooksApprove.as_view(), name="approve_chosen"),
    path("facts/<slug:fact>/", api.RunbookFacts.as_view(), name="fact"),
    path("<slug:runbook>/", api.RunbookDetail.as_view(), name="runbook"),
    path("<slug:runbook>/approve/", api.RunbookApprove.as_view(), name="approve"),
    path("<slug:runbook>/read/", api.RunbookAcknowledge.as_view(), name="acknowledge"),
    path("<slug:runbook>/drills/", api.RunbookDrills.as_view(), name="drills"),
    path("<slug:runbook>/paper/", api.RunbookPapers.as_view(), name="paper"),
    path("<slug:runbook>/<int:revision>.pdf", api.RunbookPdf.as_view(), name="pdf"),
    path("<slug:runbook>/<int:revision>.md", api.RunbookMarkdown.as_view(), name="markdown"),
]
