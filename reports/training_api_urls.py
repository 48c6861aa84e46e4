from django.urls import path

from reports import training_api as api

app_name = "training"

urlpatterns = [
    path("", api.TrainingSessions.as_view(), name="sessions"),
    path("<int:number>/", api.TrainingSessionDetail.as_view(), name="session"),
    path("<int:number>/held/", api.TrainingHeld.as_view(), name="held"),
    path("<int:number>/cancel/", api.TrainingCancel.as_view(), name="cancel"),
    path("<int:number>/attendance/", api.TrainingAttendances.as_view(), name="attend"),
    path("<int:number>/exercises/", api.TrainingExercises.as_view(), name="exercise"),
]
