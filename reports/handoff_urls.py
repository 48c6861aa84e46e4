from django.urls import path

from reports import handoff_views as views

app_name = "handoff"

urlpatterns = [
    path("", views.handoff, name="list"),
    path("make/", views.make, name="make"),
    path("take/", views.take, name="take"),
]
