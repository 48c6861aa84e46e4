from django.urls import path

from delivery.api import insights, watches

app_name = "watch"

urlpatterns = [
    path("", watches.Watches.as_view(), name="home"),
    path("baselines/", watches.Baselines.as_view(), name="baselines"),
    path("baselines/<int:number>/", watches.BaselineDetail.as_view(), name="baseline"),
    path("cards/", insights.Cards.as_view(), name="cards"),
    path("cards/<int:number>/", insights.CardDetail.as_view(), name="card"),
    path("cards/<int:number>/acknowledge/", insights.CardAcknowledge.as_view(), name="card_acknowledge"),
    path("cards/<int:number>/escalate/", insights.CardEscalate.as_view(), name="card_escalate"),
    path("cards/<int:number>/close/", insights.CardClose.as_view(), name="card_close"),
    path("seeds/", insights.Seeds.as_view(), name="seeds"),
    path("seeds/<int:number>/", insights.SeedDetail.as_view(), name="seed"),
]
