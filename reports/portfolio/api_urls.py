from django.urls import path

from reports.portfolio import api

app_name = "portfolio"

urlpatterns = [
    path("", api.PortfolioFigures.as_view(), name="figures"),
    path("published/", api.PortfolioPublished.as_view(), name="published"),
    path("subscription/", api.PortfolioSubscriptions.as_view(), name="subscription"),
    path("figures/<str:figure>/", api.PortfolioFigure.as_view(), name="figure"),
]
