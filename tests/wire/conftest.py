import pytest

from wire import Server, is_alive


@pytest.fixture(scope="module")
def shared():
    server = Server("--workers", "2", listens=("127.0.0.1:0", "[::1]:0"))
    yield server
    assert server.stop() == 0, server.log_text()


@pytest.fixture
def server(shared):
    """The module's server, which must answer an honest request after every test."""
    yield shared
    assert is_alive(shared)


@pytest.fixture
def start():
    """Starts servers with settings of the test's own; each must end with 0."""
    started = []

    def starter(*flags, **more):
        started.append(Server(*flags, **more))
        return started[-1]

    yield starter
    for one in started:
        assert one.stop() == 0, one.log_text()


@pytest.fixture(scope="module")
def impatient():
    """Deadlines that a test can wait for."""
    server = Server("--idle-timeout", "2", "--head-timeout", "1", "--workers", "1",
                    environment={"WIRE_GRACE_S": "1"})
    yield server
    assert server.stop() == 0, server.log_text()
