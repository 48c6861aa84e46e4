from django.urls import path

from delivery.views import cases, dashboard, ramp, traffic

app_name = "parallel"

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("line/", dashboard.proxy_line, name="line"),
    path("line/remove/", dashboard.proxy_line_remove, name="line_remove"),
    path("ramps/open/", dashboard.ramp_open, name="ramp_open"),
    path("ramps/<int:number>/", ramp.ramp_detail, name="ramp"),
    path("ramps/<int:number>/approve/", ramp.ramp_approve, name="ramp_approve"),
    path("ramps/<int:number>/confirm/", ramp.ramp_confirm, name="ramp_confirm"),
    path("reconciliation/", traffic.traffic, name="traffic"),
    path("reconciliation/run/", traffic.traffic_reconcile, name="traffic_reconcile"),
    path("reconciliation/logs/<int:number>/withdraw/", traffic.traffic_withdraw, name="traffic_withdraw"),
    path("reconciliation/runs/<int:number>/", traffic.run_detail, name="run"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<int:number>/", cases.case_detail, name="case"),
    path("cases/<int:number>/take/", cases.case_take, name="case_take"),
    path("cases/<int:number>/reopen/", cases.case_reopen, name="case_reopen"),
]
