from django.urls import path

from core import views

urlpatterns = [
    path("_ui/", views.ui_gallery, name="ui_gallery"),
    path("theme/", views.choose_theme, name="choose_theme"),
]
