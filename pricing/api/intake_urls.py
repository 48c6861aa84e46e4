from django.urls import path

from pricing.api import intake

app_name = "intake"

urlpatterns = [
    path("", intake.IntakeList.as_view(), name="take"),
    path("times/", intake.CallTimesDetail.as_view(), name="times"),
    path("calls/", intake.CallList.as_view(), name="calls"),
]
