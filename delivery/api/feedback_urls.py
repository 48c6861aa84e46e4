from django.urls import path

from core.uploads import takes_large_files
from delivery.api import feedback, mailboxes, webhooks
from discovery.log_limit import LARGE_LOGS

app_name = "feedback"

urlpatterns = [
    path("", feedback.Feedback.as_view(), name="queue"),
    path("files/", takes_large_files(LARGE_LOGS)(feedback.FeedbackFiles.as_view()), name="files"),
    path("for/<str:reader>/", feedback.FeedbackExport.as_view(), name="export"),
    path("suppressions/", feedback.Suppressions.as_view(), name="suppressions"),
    path("suppressions/lift/", feedback.SuppressionLift.as_view(), name="suppression_lift"),
    path("suppressions/import/", feedback.SuppressionFiles.as_view(), name="suppression_import"),
    path("suppressions/for/<str:reader>/", feedback.SuppressionExport.as_view(), name="suppression_export"),
    path("webhook/", webhooks.WebhookDeliveries.as_view(), name="webhook"),
    path("webhook/remove/", webhooks.WebhookRemove.as_view(), name="webhook_remove"),
    path("webhook/deliveries/<int:number>/replay/", webhooks.WebhookReplay.as_view(), name="webhook_replay"),
    path("mailboxes/", mailboxes.Mailboxes.as_view(), name="mailboxes"),
    path("mailboxes/<int:number>/test/", mailboxes.MailboxTest.as_view(), name="mailbox_test"),
    path("mailboxes/<int:number>/pause/", mailboxes.MailboxPause.as_view(), name="mailbox_pause"),
    path("mailboxes/<int:number>/resume/", mailboxes.MailboxResume.as_view(), name="mailbox_resume"),
    path("mailboxes/<int:number>/remove/", mailboxes.MailboxRemove.as_view(), name="mailbox_remove"),
]
