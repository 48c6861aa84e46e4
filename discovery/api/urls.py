from django.urls import path

from discovery.api import components, dossiers, estate, findings, lookup, review, runs, streams, uploads, volumes

app_name = "discovery"

urlpatterns = [
    path("uploads/", uploads.UploadList.as_view(), name="uploads"),
    path("uploads/<int:number>/", uploads.UploadDetail.as_view(), name="upload"),
    path("uploads/<int:number>/files/", uploads.FileList.as_view(), name="files"),
    path("uploads/<int:number>/files/<path:path>", uploads.FileDetail.as_view(), name="file"),
    path("uploads/<int:number>/skipped/", uploads.SkippedList.as_view(), name="skipped"),
    path("uploads/<int:number>/secrets/", uploads.SecretList.as_view(), name="secrets"),
    path("runs/compare/", runs.Comparison.as_view(), name="compare"),
    path("inventory/", estate.Inventory.as_view(), name="inventory"),
    *[path(f"inventory/{name}/", view, name=name) for name, view in estate.TABLE_VIEWS.items()],
    path("lookup/", lookup.LookUp.as_view(), name="lookup"),
    path("streams/", streams.StreamList.as_view(), name="streams"),
    path("streams/mark/", streams.StreamsRoute.as_view(), name="streams_route"),
    path("streams/<int:number>/", streams.StreamDetail.as_view(), name="stream"),
    path("streams/<int:number>/remove/", streams.StreamRemove.as_view(), name="stream_remove"),
    path("streams/<int:number>/restore/", streams.StreamRestore.as_view(), name="stream_restore"),
    path("components/imports/", components.ImportList.as_view(), name="component_imports"),
    path("dossiers/", dossiers.DossierList.as_view(), name="dossiers"),
    path("dossiers/open/", dossiers.DossiersOpen.as_view(), name="dossiers_open"),
    path("dossiers/<int:number>/", dossiers.DossierDetail.as_view(), name="dossier"),
    path("dossiers/<int:number>/confirm/", dossiers.DossierConfirm.as_view(), name="dossier_confirm"),
    path("volumes/", volumes.LogList.as_view(), name="volumes"),
    path("volumes/<int:number>/", volumes.LogDetail.as_view(), name="log"),
    path("findings/", findings.FindingList.as_view(), name="findings"),
    path("findings/accept/", review.AcceptChosen.as_view(), name="accept_chosen"),
    path("findings/dismiss/", review.DismissChosen.as_view(), name="dismiss_chosen"),
    path("findings/merge/", review.MergeChosen.as_view(), name="merge_chosen"),
    path("findings/class/", review.ClassifyChosen.as_view(), name="classify_chosen"),
    path("findings/assign/", review.AssignChosen.as_view(), name="assign_chosen"),
    path("findings/undo/", review.UndoChosen.as_view(), name="undo_chosen"),
    path("findings/<int:number>/", findings.FindingDetail.as_view(), name="finding"),
    path("findings/<int:number>/accept/", findings.Accept.as_view(), name="finding_accept"),
    path("findings/<int:number>/dismiss/", findings.Dismiss.as_view(), name="finding_dismiss"),
    path("findings/<int:number>/undo/", findings.Undo.as_view(), name="finding_undo"),
    path("findings/<int:number>/answer/", findings.Answer.as_view(), name="finding_answer"),
]
