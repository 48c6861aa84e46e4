from django.urls import path

from reports import days_views as views

app_name = "days"

urlpatterns = [path("", views.days, name="list")]
