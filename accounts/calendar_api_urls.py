from django.urls import path

from accounts import calendar_api

app_name = "calendar"

urlpatterns = [
    path("", calendar_api.Calendar.as_view(), name="link"),
]
