from django.urls import path

from delivery.views import insight, seeds, watch

app_name = "watch"

urlpatterns = [
    path("", watch.home, name="home"),
    path("agree/", watch.agree, name="agree"),
    path("baselines/freeze/", watch.freeze, name="freeze"),
    path("baselines/<int:number>/", watch.baseline, name="baseline"),
    path("cards/<int:number>/", insight.card, name="card"),
    path("cards/<int:number>/acknowledge/", insight.acknowledge, name="card_acknowledge"),
    path("cards/<int:number>/escalate/", insight.escalate, name="card_escalate"),
    path("cards/<int:number>/close/", insight.close, name="card_close"),
    path("seeds/", seeds.seeds, name="seeds"),
    path("seeds/<int:number>/", seeds.seed, name="seed"),
]
