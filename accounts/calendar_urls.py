from django.urls import path

from accounts import calendar_views

app_name = "calendars"

urlpatterns = [
    path("<str:token>.ics", calendar_views.feed, name="feed"),
]
