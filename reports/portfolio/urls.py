from django.urls import path

from reports.portfolio import acts, views

app_name = "portfolio"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("figures.csv", views.overview_csv, name="overview_csv"),
    path("public/", acts.published, name="published"),
    path("public/change/", acts.publish, name="publish"),
    path("mail/", acts.subscription, name="subscription"),
    path("projects/", views.projects, name="projects"),
    path("projects.csv", views.projects_csv, name="projects_csv"),
    path("constructs/", views.construct, name="construct"),
    path("constructs.csv", views.construct_csv, name="construct_csv"),
    path("figures/<str:figure>/", views.figure, name="figure"),
    path("figures/<str:figure>.csv", views.figure_csv, name="figure_csv"),
]
