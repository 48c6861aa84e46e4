from django.urls import include, path

from portal import api_docs

app_name = "api"

urlpatterns = [
    path("schema", api_docs.schema, name="schema"),
    path("docs/", api_docs.docs, name="docs"),
    path("v1/profile/mail/", include("accounts.mail_api_urls")),
    path("v1/profile/tokens/", include("accounts.token_api_urls")),
    path("v1/profile/calendar/", include("accounts.calendar_api_urls")),
    path("v1/organizations/<int:pk>/services/", include("accounts.service_api_urls")),
    path("v1/organizations/<int:pk>/webhooks/", include("engagements.endpoint_api_urls")),
    path("v1/search/", include("accounts.search_api_urls")),
    path("v1/dictionary/", include("discovery.api.dictionary_urls")),
    path("v1/rules/", include("discovery.api.rule_urls")),
    path("v1/engagements/<str:code>/discovery/", include("discovery.api.urls")),
    path("v1/engagements/<str:code>/trackers/", include("discovery.api.tracker_urls")),
    path("v1/requests/", include("pricing.api.request_urls")),
    path("v1/intake/", include("pricing.api.intake_urls")),
    path("v1/quotes/", include("pricing.api.quote_urls")),
    path("v1/engagements/<str:code>/pricing/", include("pricing.api.urls")),
    path("v1/engagements/<str:code>/preflight/", include("delivery.api.urls")),
    path("v1/engagements/<str:code>/parallel/", include("delivery.api.parallel_urls")),
    path("v1/engagements/<str:code>/feedback/", include("delivery.api.feedback_urls")),
    path("v1/restored/", include("reports.restored_api_urls")),
    path("v1/engagements/<str:code>/handoff/", include("reports.handoff_api_urls")),
    path("v1/engagements/<str:code>/watch/", include("delivery.api.watch_urls")),
    path("v1/engagements/<str:code>/runbooks/", include("reports.runbook_api_urls")),
    path("v1/engagements/<str:code>/training/", include("reports.training_api_urls")),
    path("v1/engagements/<str:code>/days/", include("reports.days_api_urls")),
    path("v1/portfolio/", include("reports.portfolio.api_urls")),
    path("v1/engagements/<str:code>/gates/<int:number>/document/", include("reports.api_urls")),
    path("v1/records/", include("engagements.record_api_urls")),
    path("v1/engagements/", include("engagements.api_urls")),
]
