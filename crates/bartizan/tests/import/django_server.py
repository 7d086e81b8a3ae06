"""Django over TLS and over plain HTTP: two ports, one app that answers as the app of the other tests does."""
import os
import ssl
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.http import HttpResponse
from django.urls import re_path


def app(request):
    response = HttpResponse("app", content_type="text/plain", headers={"X-Powered-By": "app"})
    response.set_cookie(
        "sessionid",
        "1",
        secure=settings().SESSION_COOKIE_SECURE,
        httponly=settings().SESSION_COOKIE_HTTPONLY,
        samesite=settings().SESSION_COOKIE_SAMESITE,
    )
    return response


def settings():
    from django.conf import settings

    return settings


urlpatterns = [re_path(".*", app)]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    sys.modules["server"] = sys.modules["__main__"]
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    secure, plain = (make_server("127.0.0.1", int(port), application, Threads, Quiet) for port in sys.argv[1:3])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3])
    secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=secure.serve_forever, daemon=True).start()
    plain.serve_forever()


if __name__ == "__main__":
    main()
