from django.urls import path

from pricing.api import answers, contacts, quotes, terms

app_name = "quotes"

urlpatterns = [
    path("", quotes.QuoteList.as_view(), name="list"),
    path("<str:reference>/", quotes.QuoteDetail.as_view(), name="quote"),
    path("<str:reference>/pdf/", quotes.QuotePdf.as_view(), name="pdf"),
    path("<str:reference>/send/", quotes.QuoteSend.as_view(), name="send"),
    path("<str:reference>/paper/", quotes.QuotePaper.as_view(), name="paper"),
    path("<str:reference>/revise/", quotes.QuoteRevise.as_view(), name="revise"),
    path("<str:reference>/withdraw/", quotes.QuoteWithdraw.as_view(), name="withdraw"),
    path("<str:reference>/changes/", terms.QuoteChanges.as_view(), name="changes"),
    path("<str:reference>/given/", terms.QuoteGiven.as_view(), name="given"),
    path("<str:reference>/discount/", terms.QuoteDiscount.as_view(), name="discount"),
    path("<str:reference>/tier/", terms.QuoteTier.as_view(), name="tier"),
    path("<str:reference>/approve/", terms.QuoteApprove.as_view(), name="approve"),
    path("<str:reference>/redate/", terms.QuoteRedate.as_view(), name="redate"),
    path("<str:reference>/void/", terms.QuoteVoid.as_view(), name="void"),
    path("<str:reference>/amend/", terms.QuoteAmend.as_view(), name="amend"),
    path("<str:reference>/contacts/", contacts.ContactList.as_view(), name="contacts"),
    path("<str:reference>/contacts/<int:contact>/bounced/", contacts.ContactBounced.as_view(), name="contact_bounced"),
    path("<str:reference>/contacts/<int:contact>/mail/", contacts.ContactMail.as_view(), name="contact_mail"),
    path("<str:reference>/contacts/<int:contact>/resume/", contacts.ContactResume.as_view(), name="contact_resume"),
    path("<str:reference>/accept/", answers.QuoteAccept.as_view(), name="accept"),
    path("<str:reference>/decline/", answers.QuoteDecline.as_view(), name="decline"),
    path("<str:reference>/changed/", answers.QuoteChanged.as_view(), name="changed"),
    path("<str:reference>/renew/", answers.QuoteRenew.as_view(), name="renew"),
    path("<str:reference>/receipt/", answers.QuoteReceipt.as_view(), name="receipt"),
]
