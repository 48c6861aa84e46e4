from django.urls import path

from delivery.api import cases, counters, rollbacks

app_name = "parallel"

urlpatterns = [
    path("counters/", counters.Counters.as_view(), name="counters"),
    path("rollbacks/", rollbacks.Rollbacks.as_view(), name="rollbacks"),
    path("rollbacks/<int:number>/", rollbacks.RollbackDetail.as_view(), name="rollback"),
    path("rollbacks/<int:number>/resume/", rollbacks.RollbackResume.as_view(), name="rollback_resume"),
    path("rollbacks/<int:number>/steps/<int:position>/", rollbacks.RollbackTick.as_view(), name="rollback_tick"),
    path("cases/", cases.Cases.as_view(), name="cases"),
    path("cases/<int:number>/", cases.CaseDetail.as_view(), name="case"),
    path("cases/<int:number>/messages/", cases.CaseItems.as_view(), name="case_messages"),
    path("cases/<int:number>/take/", cases.CaseTake.as_view(), name="case_take"),
    path("cases/<int:number>/reopen/", cases.CaseReopen.as_view(), name="case_reopen"),
]
