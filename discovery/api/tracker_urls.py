from django.urls import path

from discovery.api import trackers

app_name = "trackers"

urlpatterns = [
    path("<slug:system>.csv", trackers.TrackerExport.as_view(), name="csv"),
]
