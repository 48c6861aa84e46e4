from django.urls import path

from engagements import record_api

app_name = "records"

urlpatterns = [
    path("customers/<int:pk>/", record_api.CustomerRecords.as_view(), name="customer"),
    path("customers/<int:pk>/exports/", record_api.CustomerExport.as_view(), name="export"),
    path("customers/<int:pk>/exports/<int:number>/take/", record_api.CustomerExportTake.as_view(), name="take"),
    path("customers/<int:pk>/holds/", record_api.CustomerHolds.as_view(), name="hold"),
    path("customers/<int:pk>/holds/<int:number>/lift/", record_api.CustomerHoldLift.as_view(), name="lift"),
    path("own/exports/", record_api.OwnExport.as_view(), name="own"),
    path("own/exports/<int:number>/take/", record_api.OwnExportTake.as_view(), name="own_take"),
    path("retention/", record_api.Retention.as_view(), name="retention"),
]
