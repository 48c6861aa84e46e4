from django.urls import path

from discovery.api import trackers

app_name = "trackers"

urlpatterns = [
    path("<slug:system>.csv", trackers.TrackerExport.as_view(), name="csv"),
    path("tasks/", trackers.TaskList.as_view(), name="tasks"),
    path("keys/", trackers.KeyList.as_view(), name="keys"),
    path("keys/import/", trackers.KeyImport.as_view(), name="keys_import"),
    path("items/<str:item>/<slug:system>/", trackers.KeyDetail.as_view(), name="key"),
]
