from django.urls import path

from reports import days_api as api

app_name = "days"

urlpatterns = [path("", api.DaysSpentList.as_view(), name="list")]
