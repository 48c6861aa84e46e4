from django.urls import path

from accounts import mail_api

app_name = "mail"

urlpatterns = [
    path("", mail_api.MailKinds.as_view(), name="kinds"),
    path("test/", mail_api.MailTest.as_view(), name="test"),
]
