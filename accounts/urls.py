from django.urls import path

from accounts import calendar_views, mail_views, service_views, token_views, views

app_name = "accounts"

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/shortcuts/", views.shortcuts, name="shortcuts"),
    path("profile/tokens/", token_views.tokens, name="tokens"),
    path("profile/tokens/<uuid:reference>/revoke/", token_views.token_revoke, name="token_revoke"),
    path("profile/mail/", mail_views.mail, name="mail"),
    path("profile/mail/test/", mail_views.mail_test, name="mail_test"),
    path("profile/calendar/", calendar_views.calendar, name="calendar"),
    path("profile/calendar/end/", calendar_views.calendar_end, name="calendar_end"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("organizations/<int:pk>/", views.people, name="people"),
    path("organizations/<int:pk>/members/<int:member>/", views.membership, name="membership"),
    path("organizations/<int:pk>/members/<int:member>/end/", views.membership_end, name="membership_end"),
    path("organizations/<int:pk>/services/", service_views.services, name="services"),
    path("organizations/<int:pk>/services/<int:service>/", service_views.service, name="service"),
    path("organizations/<int:pk>/services/<int:service>/end/", service_views.end, name="service_end"),
    path(
        "organizations/<int:pk>/services/<int:service>/tokens/<uuid:reference>/revoke/",
        service_views.token_revoke,
        name="service_token_revoke",
    ),
    path("organizations/<int:pk>/invitations/<int:number>/withdraw/", views.withdraw, name="invitation_withdraw"),
]
