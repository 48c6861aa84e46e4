from django.urls import path

from pricing.views import start, start_call, start_sent

app_name = "start"

urlpatterns = [
    path("", start.begin, name="begin"),
    path("<str:token>/", start_sent.request_page, name="request"),
    path("<str:token>/check/", start.check, name="check"),
    path("<str:token>/link/", start_sent.link, name="link"),
    path("<str:token>/confirm/", start_sent.confirm, name="confirm"),
    path("<str:token>/cancel-call/", start_call.cancel, name="call_cancel"),
    path("<str:token>/<slug:step>/", start.step, name="step"),
]
