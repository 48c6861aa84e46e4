from django.urls import path

from discovery.views import trackers

app_name = "trackers"

urlpatterns = [
    path("", trackers.tracker_home, name="home"),
    path("<slug:system>.csv", trackers.tracker_csv, name="csv"),
    path("items/<str:item>/", trackers.tracker_item, name="item"),
    path("items/<str:item>/<slug:system>/", trackers.key, name="key"),
    path("items/<str:item>/<slug:system>/remove/", trackers.key_remove, name="key_remove"),
]
