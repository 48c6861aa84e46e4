from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("", views.document, name="document"),
    path("build/", views.build, name="build"),
    path("freeze/", views.freeze, name="freeze"),
    path("preview.pdf", views.preview, name="preview"),
]
