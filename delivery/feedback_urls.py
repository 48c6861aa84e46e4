from django.urls import path

from delivery.views import feedback, mailbox, suppressions, webhook

app_name = "feedback"

urlpatterns = [
    path("", feedback.queue, name="queue"),
    path("items/<int:item>/", feedback.item, name="item"),
    path("files/", feedback.file_upload, name="files"),
    path("for/<str:reader>/", feedback.export, name="export"),
    path("suppressions/", suppressions.suppressions, name="suppressions"),
    path("suppressions/lift/", suppressions.lift, name="suppression_lift"),
    path("suppressions/import/", suppressions.import_list, name="suppression_import"),
    path("suppressions/for/<str:reader>/", suppressions.export_list, name="suppression_export"),
    path("webhook/", webhook.webhook, name="webhook"),
    path("webhook/remove/", webhook.webhook_remove, name="webhook_remove"),
    path("webhook/deliveries/<int:number>/replay/", webhook.webhook_replay, name="webhook_replay"),
    path("mailboxes/", mailbox.mailboxes, name="mailboxes"),
    path("mailboxes/<int:number>/test/", mailbox.mailbox_test, name="mailbox_test"),
    path("mailboxes/<int:number>/pause/", mailbox.mailbox_pause, name="mailbox_pause"),
    path("mailboxes/<int:number>/resume/", mailbox.mailbox_resume, name="mailbox_resume"),
    path("mailboxes/<int:number>/remove/", mailbox.mailbox_remove, name="mailbox_remove"),
]
