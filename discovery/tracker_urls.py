from django.urls import path

from discovery.views import trackers

app_name = "trackers"

urlpatterns = [
    path("", trackers.tracker_home, name="home"),
    path("<slug:system>.csv", trackers.tracker_csv, name="csv"),
]
