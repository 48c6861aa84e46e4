from django.urls import path

from engagements.views import verification

app_name = "verify"

urlpatterns = [path("", verification.verify, name="fingerprint")]
