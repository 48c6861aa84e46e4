from django.urls import path

from core.uploads import takes_large_files
from delivery.api import cases, counters, cutovers, lines, logs, lookups, ramps, rollbacks, triggers, warm_ups
from discovery.log_limit import LARGE_LOGS

app_name = "parallel"

urlpatterns = [
    path("counters/", counters.Counters.as_view(), name="counters"),
    path("rollbacks/", rollbacks.Rollbacks.as_view(), name="rollbacks"),
    path("rollbacks/<int:number>/", rollbacks.RollbackDetail.as_view(), name="rollback"),
    path("rollbacks/<int:number>/resume/", rollbacks.RollbackResume.as_view(), name="rollback_resume"),
    path("rollbacks/<int:number>/steps/<int:position>/", rollbacks.RollbackTick.as_view(), name="rollback_tick"),
    path("line/", lines.Line.as_view(), name="line"),
    path("line/remove/", lines.LineRemove.as_view(), name="line_remove"),
    path("ramps/", ramps.Ramps.as_view(), name="ramps"),
    path("ramps/<int:number>/", ramps.RampDetail.as_view(), name="ramp"),
    path("ramps/<int:number>/approve/", ramps.RampApprove.as_view(), name="ramp_approve"),
    path("ramps/<int:number>/confirm/", ramps.RampConfirm.as_view(), name="ramp_confirm"),
    path("warm-up/", warm_ups.WarmUps.as_view(), name="warm_up"),
    path("warm-up/remove/", warm_ups.WarmUpRemove.as_view(), name="warm_up_remove"),
    path("triggers/", triggers.Triggers.as_view(), name="triggers"),
    path("triggers/report/", triggers.TriggerReports.as_view(), name="trigger_report"),
    path("triggers/<int:pk>/remove/", triggers.TriggerRemove.as_view(), name="trigger_remove"),
    path("decisions/", triggers.Decisions.as_view(), name="decisions"),
    path("decisions/<int:number>/", triggers.DecisionDetail.as_view(), name="decision"),
    path("cutovers/", cutovers.Cutovers.as_view(), name="cutovers"),
    path("cutovers/<int:number>/", cutovers.CutoverDetail.as_view(), name="cutover"),
    path("cutovers/<int:number>/steps/<int:position>/", cutovers.CutoverTick.as_view(), name="cutover_step"),
    path("cutovers/<int:number>/freeze/", cutovers.CutoverFreeze.as_view(), name="cutover_freeze"),
    path("cutovers/<int:number>/count/", cutovers.CutoverCount.as_view(), name="cutover_count"),
    path("cutovers/<int:number>/finish/", cutovers.CutoverFinish.as_view(), name="cutover_finish"),
    path("cutovers/<int:number>/sign/", cutovers.CutoverSign.as_view(), name="cutover_sign"),
    path("cutovers/<int:number>/decommission/", cutovers.CutoverDecommission.as_view(), name="decommission"),
    path("logs/", takes_large_files(LARGE_LOGS)(logs.TrafficLogs.as_view()), name="logs"),
    path("logs/<int:number>/withdraw/", logs.TrafficLogWithdraw.as_view(), name="log_withdraw"),
    path("runs/", logs.Runs.as_view(), name="runs"),
    path("runs/<int:number>/", logs.RunDetail.as_view(), name="run"),
    path("key/", logs.Key.as_view(), name="journal_key"),
    path("key/remove/", logs.KeyRemove.as_view(), name="journal_key_remove"),
    path("lookup/", lookups.Lookup.as_view(), name="lookup"),
    path("cases/", cases.Cases.as_view(), name="cases"),
    path("cases/<int:number>/", cases.CaseDetail.as_view(), name="case"),
    path("cases/<int:number>/messages/", cases.CaseItems.as_view(), name="case_messages"),
    path("cases/<int:number>/take/", cases.CaseTake.as_view(), name="case_take"),
    path("cases/<int:number>/reopen/", cases.CaseReopen.as_view(), name="case_reopen"),
]
