from django.urls import path

from accounts import search_api

app_name = "search"

urlpatterns = [
    path("", search_api.Search.as_view(), name="search"),
]
