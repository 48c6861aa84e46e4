from django.urls import path

from accounts import token_api

app_name = "tokens"

urlpatterns = [
    path("", token_api.Tokens.as_view(), name="list"),
    path("<uuid:reference>/revoke/", token_api.TokenRevoke.as_view(), name="revoke"),
]
