from django.urls import path

from reports.portfolio import acts

app_name = "figures"

urlpatterns = [path("", acts.public, name="public")]
