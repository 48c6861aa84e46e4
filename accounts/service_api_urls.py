from django.urls import path

from accounts import service_api

app_name = "services"

urlpatterns = [
    path("", service_api.Services.as_view(), name="list"),
    path("<int:service>/end/", service_api.ServiceEnd.as_view(), name="end"),
    path("<int:service>/tokens/", service_api.ServiceTokens.as_view(), name="tokens"),
    path("<int:service>/tokens/<uuid:reference>/revoke/", service_api.ServiceTokenRevoke.as_view(), name="revoke"),
]
