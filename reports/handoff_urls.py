from django.urls import path

from reports import handoff_views as views

app_name = "handoff"

urlpatterns = [
    path("", views.handoff, name="list"),
    path("make/", views.make, name="make"),
    path("report/", views.report, name="report"),
    path("take/", views.take, name="take"),
]
