"""Calls are counted, whatever the log level is."""

import logging

import pytest
import structlog

from tests.support.fake_context import REPORT, app_of, envelope, post, sample
from udb.wsdl.endpoint.metrics import CALLS


def counted(outcome: str) -> float:
    return CALLS.labels(REPORT, REPORT, outcome)._value.get()


@pytest.mark.parametrize("level", [logging.INFO, logging.CRITICAL])
def test_a_call_is_counted_at_every_log_level(level):
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))
    try:
        fine, refused = counted("ok"), counted("UDB009101")
        assert post(app_of(), REPORT, envelope(sample(f"{REPORT}Request"))).status == 200
        stranger = post(app_of(), REPORT, envelope(sample(f"{REPORT}Request")), HTTP_AUTHORIZATION=None)
        assert stranger.error_code == "UDB009101"
    finally:
        structlog.reset_defaults()
    assert (counted("ok"), counted("UDB009101")) == (fine + 1, refused + 1)
