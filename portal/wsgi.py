import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # now, rather than while somebody waits for the first page
# What is loaded stays: the collector would look through all of it again in the middle of an answer.
gc.collect()
gc.freeze()
