from django.urls import path

from accounts import mail_views

app_name = "mail"

urlpatterns = [
    path("off/<str:token>/", mail_views.mail_off, name="off"),
    path("arrives/<str:token>/", mail_views.mail_arrives, name="arrives"),
]
