from django.urls import path

from engagements import endpoint_api

app_name = "webhooks"

urlpatterns = [
    path("", endpoint_api.Endpoints.as_view(), name="list"),
    path("<int:endpoint>/", endpoint_api.EndpointView.as_view(), name="endpoint"),
    path("<int:endpoint>/secret/", endpoint_api.EndpointSecret.as_view(), name="secret"),
    path("<int:endpoint>/remove/", endpoint_api.EndpointRemove.as_view(), name="remove"),
    path("<int:endpoint>/on/", endpoint_api.EndpointEnable.as_view(), name="enable"),
    path("<int:endpoint>/test/", endpoint_api.EndpointPing.as_view(), name="ping"),
    path("<int:endpoint>/deliveries/", endpoint_api.EndpointDeliveries.as_view(), name="deliveries"),
    path("<int:endpoint>/again/", endpoint_api.EndpointReplaySince.as_view(), name="replay_since"),
    path("<int:endpoint>/deliveries/<uuid:event>/again/", endpoint_api.EndpointReplay.as_view(), name="replay"),
]
