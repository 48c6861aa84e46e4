from django.urls import path

from reports import runbook_views as views

app_name = "runbooks"

urlpatterns = [
    path("", views.runbooks, name="list"),
    path("draw-up/", views.draw_up, name="draw_up"),
    path("approve/", views.approve_chosen, name="approve_chosen"),
    path("facts/<slug:fact>/", views.fact, name="fact"),
    path("<slug:runbook>/", views.runbook, name="runbook"),
    path("<slug:runbook>/approve/", views.approve, name="approve"),
    path("<slug:runbook>/read/", views.acknowledge, name="acknowledge"),
    path("<slug:runbook>/drills/", views.drill, name="drill"),
    path("<slug:runbook>/paper/", views.paper, name="paper"),
    path("<slug:runbook>/<int:revision>.pdf", views.pdf, name="pdf"),
    path("<slug:runbook>/<int:revision>.md", views.markdown, name="markdown"),
]
