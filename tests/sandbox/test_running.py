import socket

import pytest

from udb.domain.errors import WrongUse
from udb.sandbox.running import free_address, require_free


def test_a_taken_address_is_refused_before_anything_is_done():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(WrongUse, match=rf"{bind} cannot be used: another program uses it. Choose another: --bind"):
            require_free(bind)


@pytest.mark.parametrize("bind", ["8080", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:99999", "no.such.host.invalid:80"])
def test_what_is_no_address_is_refused(bind):
    with pytest.raises(WrongUse):
        require_free(bind)


def test_a_free_address_can_be_used():
    require_free(free_address())
