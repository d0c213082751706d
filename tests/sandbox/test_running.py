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


def test_a_free_address_can_be_used_and_so_can_the_next_which_is_the_test_log_ins(monkeypatch):
    create, asked = socket.create_server, []

    def the_second_is_taken(address, **how):
        asked.append(address[1])
        if len(asked) == 2:
            raise OSError
        return create(address, **how)

    with monkeypatch.context() as patch:
        patch.setattr(socket, "create_server", the_second_is_taken)
        bind = free_address()
    assert len(asked) == 4, "an address with a taken one after it is not given"
    host, port = bind.split(":")
    require_free(bind)
    require_free(f"{host}:{int(port) + 1}")
