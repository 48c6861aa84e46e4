from django.urls import path

from discovery.views import dictionary

app_name = "dictionary"

urlpatterns = [
    path("", dictionary.row_list, name="list"),
    path("<slug:row>/", dictionary.row_detail, name="construct"),
]
