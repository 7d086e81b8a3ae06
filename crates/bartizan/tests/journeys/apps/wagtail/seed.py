"""Makes the tables, the one user, and a first page to write in."""

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

call_command("migrate", verbosity=0)

from pages.models import TextPage  # noqa: E402

get_user_model().objects.create_superuser("warden", "warden@localhost", "a-long-password")
root = Page.objects.get(depth=1)
front = root.add_child(instance=TextPage(title="Front", slug="front", body="<p>Welcome.</p>"))
Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": front})
