"""Wagtail's admin, its files, and the pages."""

from django.conf import settings
from django.contrib.staticfiles.views import serve
from django.http import HttpResponse
from django.urls import include, path, re_path
from django.views.static import serve as serve_media
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("favicon.ico", lambda request: HttpResponse(status=204)),
    re_path(r"^static/(?P<path>.*)$", serve, {"insecure": True}),
    re_path(r"^media/(?P<path>.*)$", serve_media, {"document_root": settings.MEDIA_ROOT}),
    path("", include(wagtail_urls)),
]
