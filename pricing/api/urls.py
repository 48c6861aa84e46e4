from django.urls import path

from pricing.api import balance, clock, costs, diagnosis, nda

app_name = "pricing"

urlpatterns = [
    path("balance/", balance.BalanceDetail.as_view(), name="balance"),
    path("balance/<int:entry>/undo/", balance.BalanceUndo.as_view(), name="balance_undo"),
    path("clock/", clock.ClockDetail.as_view(), name="clock"),
    path("clock/pause/", clock.ClockPause.as_view(), name="clock_pause"),
    path("clock/resume/", clock.ClockResume.as_view(), name="clock_resume"),
    path("diagnosis/", diagnosis.DiagnosisDetail.as_view(), name="diagnosis"),
    path("diagnosis/streams/<int:number>/", diagnosis.StreamSizeDetail.as_view(), name="stream_size"),
    path("nda/", nda.NdaDetail.as_view(), name="nda"),
    path("nda/pdf/", nda.NdaPdf.as_view(), name="nda_pdf"),
    path("nda/review/", nda.NdaReview.as_view(), name="nda_review"),
    path("nda/paper/", nda.NdaPaper.as_view(), name="nda_paper"),
    path("costs/", costs.CostsDetail.as_view(), name="costs"),
    path("costs/<slug:assumption>/", costs.AssumptionDetail.as_view(), name="assumption"),
]
