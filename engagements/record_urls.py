from django.urls import path

from engagements.views import erasing, kept_records

app_name = "records"

urlpatterns = [
    path("profile/data/", kept_records.own, name="own"),
    path("profile/data/<int:number>/take/", kept_records.own_take, name="own_take"),
    path("former/", erasing.former, name="former"),
    path("former/<int:person>/erase/", erasing.erase_former, name="erase_former"),
    path("retention/", kept_records.retention, name="retention"),
    path("organizations/<int:pk>/data/", kept_records.customer, name="customer"),
    path("organizations/<int:pk>/data/export/", kept_records.export, name="export"),
    path("organizations/<int:pk>/data/exports/<int:number>/take/", kept_records.take, name="take"),
    path("organizations/<int:pk>/data/hold/", kept_records.hold, name="hold"),
    path("organizations/<int:pk>/data/holds/<int:number>/lift/", kept_records.lift, name="lift"),
    path("organizations/<int:pk>/data/erase/", erasing.erase_customer, name="erase_customer"),
    path("organizations/<int:pk>/members/<int:member>/erase/", erasing.erase_person, name="erase_person"),
]
