from django.urls import URLPattern, URLResolver, include, path

from engagements.views.overview import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("", include("core.urls")),
    path("account/", include("allauth.urls")),
    path("engagements/", include("engagements.urls")),
]
