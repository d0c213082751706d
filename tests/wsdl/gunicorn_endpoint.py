"""The application that gunicorn loads in ``test_hostile_gunicorn``."""

from tests.support.fake_context import app_of

application = app_of()
