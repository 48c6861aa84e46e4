from django.urls import path

from delivery.views import cases, cutover, dashboard, ramp, rollback, traffic, triggers

app_name = "parallel"

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("line/", dashboard.proxy_line, name="line"),
    path("line/remove/", dashboard.proxy_line_remove, name="line_remove"),
    path("ramps/open/", dashboard.ramp_open, name="ramp_open"),
    path("ramps/<int:number>/", ramp.ramp_detail, name="ramp"),
    path("ramps/<int:number>/approve/", ramp.ramp_approve, name="ramp_approve"),
    path("ramps/<int:number>/confirm/", ramp.ramp_confirm, name="ramp_confirm"),
    path("rollback/", rollback.rollback_start, name="rollback_start"),
    path("rollback/<int:number>/", rollback.rollback, name="rollback"),
    path("rollback/<int:number>/progress/", rollback.rollback_progress, name="rollback_progress"),
    path("rollback/<int:number>/steps/<int:position>/", rollback.rollback_tick, name="rollback_tick"),
    path("rollback/<int:number>/resume/", rollback.rollback_resume, name="rollback_resume"),
    path("triggers/", triggers.triggers, name="triggers"),
    path("triggers/report/", triggers.trigger_report, name="trigger_report"),
    path("triggers/<int:pk>/remove/", triggers.trigger_remove, name="trigger_remove"),
    path("decisions/<int:number>/", triggers.decision, name="decision"),
    path("cutovers/", cutover.cutovers, name="cutovers"),
    path("cutovers/<int:number>/", cutover.cutover, name="cutover"),
    path("cutovers/<int:number>/steps/<int:position>/", cutover.cutover_step, name="cutover_step"),
    path("cutovers/<int:number>/freeze/", cutover.cutover_freeze, name="cutover_freeze"),
    path("cutovers/<int:number>/count/", cutover.cutover_count, name="cutover_count"),
    path("cutovers/<int:number>/finish/", cutover.cutover_finish, name="cutover_finish"),
    path("cutovers/<int:number>/sign/", cutover.cutover_sign, name="cutover_sign"),
    path("cutovers/<int:number>/decommission/", cutover.cutover_decommission, name="decommission"),
    path("reconciliation/", traffic.traffic, name="traffic"),
    path("reconciliation/run/", traffic.traffic_reconcile, name="traffic_reconcile"),
    path("reconciliation/key/", traffic.journal_key, name="journal_key"),
    path("reconciliation/key/remove/", traffic.journal_key_remove, name="journal_key_remove"),
    path("reconciliation/logs/<int:number>/withdraw/", traffic.traffic_withdraw, name="traffic_withdraw"),
    path("reconciliation/runs/<int:number>/", traffic.run_detail, name="run"),
    path("cases/", cases.cases, name="cases"),
    path("cases/lookup/", cases.lookup, name="lookup"),
    path("cases/messages.csv", cases.case_export, name="case_export"),
    path("cases/<int:number>/", cases.case_detail, name="case"),
    path("cases/<int:number>/take/", cases.case_take, name="case_take"),
    path("cases/<int:number>/reopen/", cases.case_reopen, name="case_reopen"),
]
