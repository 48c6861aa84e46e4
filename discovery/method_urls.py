from django.urls import path

from discovery.views import selection

app_name = "method"

urlpatterns = [
    path("", selection.method_page, name="today"),
    path("<str:version>/", selection.method_page, name="version"),
]
