from django.urls import path

from delivery.api import counters

app_name = "parallel"

urlpatterns = [
    path("counters/", counters.Counters.as_view(), name="counters"),
]
