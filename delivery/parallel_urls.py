from django.urls import path

from delivery.views import cases, traffic

app_name = "parallel"

urlpatterns = [
    path("reconciliation/", traffic.traffic, name="traffic"),
    path("reconciliation/run/", traffic.traffic_reconcile, name="traffic_reconcile"),
    path("reconciliation/logs/<int:number>/withdraw/", traffic.traffic_withdraw, name="traffic_withdraw"),
    path("reconciliation/runs/<int:number>/", traffic.run_detail, name="run"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<int:number>/", cases.case_detail, name="case"),
    path("cases/<int:number>/take/", cases.case_take, name="case_take"),
    path("cases/<int:number>/reopen/", cases.case_reopen, name="case_reopen"),
]
