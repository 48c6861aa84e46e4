from django.urls import path

from engagements.views import endpoints

app_name = "webhooks"

urlpatterns = [
    path("", endpoints.endpoints, name="list"),
    path("<int:endpoint>/", endpoints.endpoint, name="endpoint"),
    path("<int:endpoint>/secret/", endpoints.secret, name="secret"),
    path("<int:endpoint>/test/", endpoints.ping, name="ping"),
    path("<int:endpoint>/on/", endpoints.enable, name="enable"),
    path("<int:endpoint>/remove/", endpoints.remove, name="remove"),
    path("<int:endpoint>/deliveries/again/", endpoints.replay_since, name="replay_since"),
    path("<int:endpoint>/deliveries/<uuid:event>/again/", endpoints.replay, name="replay"),
]
