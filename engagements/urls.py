from django.urls import path

from engagements.views import delegation, difference, overview, parts, receipts, records, revocation, signing, work

app_name = "engagements"

urlpatterns = [
    path("", overview.engagement_list, name="list"),
    path("receipts/<str:reference>/", receipts.receipt, name="receipt"),
    path("receipts/<str:reference>/revoke/", revocation.revoke, name="revoke"),
    path("<str:code>/", overview.engagement_detail, name="detail"),
    path("<str:code>/gates/<int:number>/", overview.gate_detail, name="gate"),
    path("<str:code>/gates/<int:number>/ask-for-signatures/", signing.submit, name="submit"),
    path("<str:code>/gates/<int:number>/sign/", signing.sign, name="sign"),
    path("<str:code>/gates/<int:number>/delegate/", delegation.delegate, name="delegate"),
    path("<str:code>/gates/<int:number>/request-changes/", signing.ask_for_changes, name="request_changes"),
    path("<str:code>/gates/<int:number>/reference/", parts.reference, name="reference"),
    path("<str:code>/held/<int:pk>/release/", parts.release, name="release"),
    path("<str:code>/gates/<int:number>/checks/<slug:key>/override/", work.override, name="override"),
    path("<str:code>/tasks/<int:pk>/", work.task, name="task"),
    path("<str:code>/tasks/<int:pk>/reopen/", work.task_reopen, name="task_reopen"),
    path("<str:code>/moves/<slug:step>/", work.move, name="move"),
    path("<str:code>/team/", work.team, name="team"),
    path("<str:code>/target/", work.target, name="target"),
    path("<str:code>/documents/", records.documents, name="documents"),
    path("<str:code>/documents/<int:pk>.pdf", records.document_pdf, name="document_pdf"),
    path("<str:code>/documents/evidence.zip", records.evidence_pack, name="evidence_pack"),
    path("<str:code>/documents/<int:pk>/since/<int:earlier>/", difference.difference, name="difference"),
    path("<str:code>/questions/", records.questions, name="questions"),
    path("<str:code>/questions/<int:number>/", records.question, name="question"),
    path("<str:code>/questions/<int:number>/resolve/", records.question_resolve, name="question_resolve"),
    path("<str:code>/history/", records.history, name="history"),
]
