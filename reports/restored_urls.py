from django.urls import path

from reports import restored_views as views

app_name = "restored"

urlpatterns = [
    path("", views.restored_list, name="list"),
    path("<str:restored>/take/", views.take, name="take"),
    path("<str:restored>/files/<path:path>", views.file, name="file"),
    path("<str:restored>/<slug:page>/", views.page, name="page"),
]
