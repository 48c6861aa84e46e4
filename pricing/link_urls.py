from django.urls import path

from pricing.views import codes, linked, linked_answers

app_name = "link"

urlpatterns = [
    path("<str:token>/", linked.quote, name="quote"),
    path("<str:token>/quote.pdf", linked.pdf, name="pdf"),
    path("<str:token>/receipt/", linked.receipt, name="receipt"),
    path("<str:token>/renew/", linked.renew, name="renew"),
    path("<str:token>/code/", codes.code, name="code"),
    path("<str:token>/code/send/", codes.send, name="code_send"),
    path("<str:token>/accept/", linked_answers.accept, name="accept"),
    path("<str:token>/decline/", linked_answers.decline, name="decline"),
    path("<str:token>/changed/", linked_answers.changed, name="changed"),
    path("<str:token>/forward/", linked_answers.forward, name="forward"),
]
