from django.urls import path

from reports.portfolio import views

app_name = "portfolio"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("figures.csv", views.overview_csv, name="overview_csv"),
    path("projects/", views.projects, name="projects"),
    path("projects.csv", views.projects_csv, name="projects_csv"),
    path("constructs/", views.construct, name="construct"),
    path("figures/<str:figure>/", views.figure, name="figure"),
    path("figures/<str:figure>.csv", views.figure_csv, name="figure_csv"),
]
