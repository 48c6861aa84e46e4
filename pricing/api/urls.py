from django.urls import path

from pricing.api import balance, clock, costs, diagnosis

app_name = "pricing"

urlpatterns = [
    path("balance/", balance.BalanceDetail.as_view(), name="balance"),
    path("balance/<int:entry>/undo/", balance.BalanceUndo.as_view(), name="balance_undo"),
    path("clock/", clock.ClockDetail.as_view(), name="clock"),
    path("clock/pause/", clock.ClockPause.as_view(), name="clock_pause"),
    path("clock/resume/", clock.ClockResume.as_view(), name="clock_resume"),
    path("diagnosis/", diagnosis.DiagnosisDetail.as_view(), name="diagnosis"),
    path("diagnosis/streams/<int:number>/", diagnosis.StreamSizeDetail.as_view(), name="stream_size"),
    path("costs/", costs.CostsDetail.as_view(), name="costs"),
    path("costs/<slug:assumption>/", costs.AssumptionDetail.as_view(), name="assumption"),
]
