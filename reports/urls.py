from django.urls import path

from reports import preview_views, views

app_name = "reports"

urlpatterns = [
    path("", views.document, name="document"),
    path("build/", views.build, name="build"),
    path("language/", views.language, name="language"),
    path("freeze/", views.freeze, name="freeze"),
    path("review/", views.review, name="review"),
    path("comments/", views.comment, name="comment"),
    path("preview/", preview_views.preview, name="preview"),
    path("preview/draw/", preview_views.preview_draw, name="preview_draw"),
    path("preview/<int:preview>/draft.pdf", preview_views.preview_pdf, name="preview_pdf"),
    path("preview/<int:preview>/<int:page>.png", preview_views.preview_page, name="preview_page"),
]
