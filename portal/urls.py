from django.urls import URLPattern, URLResolver, include, path

from accounts.proof_by_code import proof_by_code
from core import health
from core.metrics import metrics
from core.security_contact import security_txt
from engagements.views.overview import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("", include("core.urls")),
    path("api/", include("portal.api_urls")),
    path("account/reauthenticate/code/", proof_by_code, name="account_reauthenticate_code"),
    path("account/", include("allauth.urls")),
    path("people/", include("accounts.urls")),
    path("mail/", include("accounts.mail_urls")),
    path("people/", include("engagements.record_urls")),
    path("people/organizations/<int:pk>/webhooks/", include("engagements.endpoint_urls")),
    path("calendars/", include("accounts.calendar_urls")),
    path("search/", include("accounts.search_urls")),
    path("sales/", include("pricing.urls")),
    path("q/", include("pricing.link_urls")),
    path("start/", include("pricing.start_urls")),
    path("rules/", include("discovery.rule_urls")),
    path("dictionary/", include("discovery.dictionary_urls")),
    path("method/", include("discovery.method_urls")),
    path("restored/", include("reports.restored_urls")),
    path("verify/", include("engagements.verify_urls")),
    path("portfolio/", include("reports.portfolio.urls")),
    path("figures/", include("reports.portfolio.public_urls")),
    path("engagements/<str:code>/discovery/", include("discovery.urls")),
    path("engagements/<str:code>/trackers/", include("discovery.tracker_urls")),
    path("engagements/<str:code>/preflight/", include("delivery.urls")),
    path("engagements/<str:code>/parallel/", include("delivery.parallel_urls")),
    path("engagements/<str:code>/feedback/", include("delivery.feedback_urls")),
    path("engagements/<str:code>/watch/", include("delivery.watch_urls")),
    path("engagements/<str:code>/runbooks/", include("reports.runbook_urls")),
    path("engagements/<str:code>/training/", include("reports.training_urls")),
    path("engagements/<str:code>/handoff/", include("reports.handoff_urls")),
    path("engagements/<str:code>/days/", include("reports.days_urls")),
    path("engagements/<str:code>/gates/<int:number>/document/", include("reports.urls")),
    path("engagements/", include("engagements.urls")),
]
handler400 = "core.views.bad_request"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"
