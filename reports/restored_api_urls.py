from django.urls import path

from core.uploads import takes_large_files
from reports import restored_api as api
from reports.restored_found import LARGE_PACKS

app_name = "restored"

urlpatterns = [
    path("", takes_large_files(LARGE_PACKS)(api.RestoredList.as_view()), name="list"),
    path("<str:restored>/take/", api.RestoredTake.as_view(), name="take"),
    path("<str:restored>/rows/<str:table>/", api.RestoredRows.as_view(), name="rows"),
]
