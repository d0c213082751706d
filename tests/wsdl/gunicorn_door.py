"""What gunicorn loads in ``test_hostile_gunicorn``."""

from tests.wsdl.fake_house import app_of

application = app_of()
