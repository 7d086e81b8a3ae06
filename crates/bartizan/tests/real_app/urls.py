"""The admin with its static files, an unprotected form, and a page that crashes."""

from django.contrib import admin
from django.contrib.staticfiles.views import serve
from django.http import HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

transfers = []


@csrf_exempt
def transfer(request):
    """Changes state without a token, as forgotten views do; GET tells how often."""
    if request.method == "POST":
        transfers.append(request.POST.get("amount"))
    return HttpResponse(str(len(transfers)), content_type="text/plain")


def favicon(request):
    """Browsers ask for it unasked, and report a missing one as an error."""
    return HttpResponse(status=204)


def crash(request):
    raise RuntimeError("the password is hunter2")


urlpatterns = [
    path("admin/", admin.site.urls),
    path("transfer", transfer),
    path("crash", crash),
    path("favicon.ico", favicon),
    re_path(r"^static/(?P<path>.*)$", serve, {"insecure": True}),
]
