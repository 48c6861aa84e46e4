from django.urls import path

from pricing.views import answers, calls, clock, costs, diagnosis, quotes, requests, terms

app_name = "pricing"

urlpatterns = [
    path("", requests.pipeline_page, name="pipeline"),
    path("calls/", calls.call_times, name="call_times"),
    path("requests/new/", requests.request_new, name="request_new"),
    path("requests/preview/", requests.preview, name="preview"),
    path("requests/<str:code>/", requests.request_detail, name="request"),
    path("requests/<str:code>/data-points/", requests.request_edit, name="request_edit"),
    path("requests/<str:code>/draft/", requests.draft, name="draft"),
    path("requests/<str:code>/owner/", clock.reassign, name="reassign"),
    path("requests/<str:code>/late/", clock.late_reason, name="late_reason"),
    path("requests/<str:code>/stay/", requests.stay, name="stay"),
    path("engagements/<str:code>/clock/", clock.clock, name="clock"),
    path("engagements/<str:code>/clock/pause/", clock.clock_pause, name="clock_pause"),
    path("engagements/<str:code>/clock/resume/", clock.clock_resume, name="clock_resume"),
    path("engagements/<str:code>/costs/", costs.costs, name="costs"),
    path("engagements/<str:code>/costs.csv", costs.costs_sheet, name="costs_csv"),
    path("engagements/<str:code>/costs/<slug:assumption>/", costs.assumption, name="assumption"),
    path("engagements/<str:code>/diagnosis/", diagnosis.diagnosis, name="diagnosis"),
    path("engagements/<str:code>/diagnosis/streams/<int:number>/", diagnosis.stream_size, name="stream_size"),
    path("engagements/<str:code>/quote/", quotes.engagement_quote, name="engagement_quote"),
    path("quotes/<str:reference>.pdf", quotes.quote_pdf, name="quote_pdf"),
    path("quotes/<str:reference>/", quotes.quote_detail, name="quote"),
    path("quotes/<str:reference>/send/", quotes.send, name="send"),
    path("quotes/<str:reference>/revise/", quotes.revise, name="revise"),
    path("quotes/<str:reference>/withdraw/", quotes.withdraw, name="withdraw"),
    path("quotes/<str:reference>/discount/", terms.discount, name="discount"),
    path("quotes/<str:reference>/tier/", terms.tier, name="tier"),
    path("quotes/<str:reference>/approve/", terms.approve, name="approve"),
    path("quotes/<str:reference>/redate/", terms.redate, name="redate"),
    path("quotes/<str:reference>/void/", terms.void, name="void"),
    path("quotes/<str:reference>/amend/", terms.amend, name="amend"),
    path("quotes/<str:reference>/accept/", answers.accept, name="accept"),
    path("quotes/<str:reference>/decline/", answers.decline, name="decline"),
    path("quotes/<str:reference>/changed/", answers.changed, name="changed"),
    path("quotes/<str:reference>/renew/", answers.renew, name="renew"),
    path("quotes/<str:reference>/receipt/", answers.receipt, name="receipt"),
]
