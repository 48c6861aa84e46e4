from django.urls import path

from discovery.views import (
    collector,
    components,
    exports,
    finding,
    inventory,
    review,
    rules,
    streams,
    subjects,
    uploads,
)

app_name = "discovery"

urlpatterns = [
    path("", inventory.inventory, name="inventory"),
    path("collector/gatepost-collect.sh", collector.collector_script, name="collector"),
    path("subjects/<slug:slug>/", subjects.subject, name="subject"),
    path("inventory.csv", exports.inventory_csv, name="inventory_csv"),
    path("streams/add/", streams.stream_add, name="stream_add"),
    path("streams/mark/", streams.streams_route, name="streams_route"),
    path("streams/<int:number>/", streams.stream_detail, name="stream"),
    path("streams/<int:number>/remove/", streams.stream_remove, name="stream_remove"),
    path("streams/<int:number>/restore/", streams.stream_restore, name="stream_restore"),
    path("components/template.csv", components.component_template, name="component_template"),
    path("components/import/", components.component_import, name="component_import"),
    path("components/imports/<int:number>/", components.component_original, name="component_original"),
    path("components/add/", components.component_add, name="component_add"),
    path("uploads/<int:number>/", uploads.upload_detail, name="upload"),
    path("uploads/<int:number>/progress/", uploads.upload_progress, name="progress"),
    path("uploads/<int:number>/files/<path:path>", uploads.stored_file, name="file"),
    path("findings/", review.queue, name="queue"),
    path("findings/hard-stops/", rules.hard_stop_list, name="hard_stops"),
    path("findings/accept/", review.accept_chosen, name="accept_chosen"),
    path("findings/undo/", review.undo_chosen, name="undo_chosen"),
    path("findings/<int:number>/", finding.finding_detail, name="finding"),
    path("findings/<int:number>/accept/", finding.finding_accept, name="finding_accept"),
    path("findings/<int:number>/dismiss/", finding.finding_dismiss, name="finding_dismiss"),
    path("findings/<int:number>/undo/", finding.finding_undo, name="finding_undo"),
    path("findings/<int:number>/answer/", finding.finding_answer, name="finding_answer"),
]
