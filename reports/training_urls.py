from django.urls import path

from reports import training_views as views

app_name = "training"

urlpatterns = [
    path("", views.training, name="list"),
    path("plan/", views.plan, name="plan"),
    path("<int:number>/", views.session, name="session"),
    path("<int:number>/held/", views.held, name="held"),
    path("<int:number>/cancel/", views.cancel, name="cancel"),
    path("<int:number>/attendance/", views.attend, name="attend"),
    path("<int:number>/exercises/", views.exercise, name="exercise"),
]
