"""A proxy that passes bytes on, as they come, or keeps some of them."""

import socket
from contextlib import suppress
from threading import Event, Thread


class Pipe:
    """Args:
    url: Where it passes on to.
    tls: The server's side of TLS, which ends here.
    swallows: Of whoever says this first, nothing is passed on.
    """

    def __init__(self, url, *, tls=None, swallows=b"\0"):
        host, _, port = url.removeprefix("http://").partition(":")
        self._target = (host, int(port))
        self._tls = tls
        self._swallows = swallows
        self._open = []
        self._over = Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._threads = [Thread(target=self._accept)]

    def __enter__(self):
        self._threads[0].start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self.cut()
        socket.socket.shutdown(self._listening, socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join()
        self._listening.close()

    def cut(self):
        """End every connection."""
        for one in list(self._open):
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)

    def _accept(self):
        with suppress(OSError):
            while not self._over.is_set():
                client, _ = self._listening.accept()
                self._spawn(self._serve, client)

    def _spawn(self, work, *args):
        self._threads.append(Thread(target=work, args=args))
        self._threads[-1].start()

    def _serve(self, client):
        self._open.append(client)
        with client, suppress(OSError):
            if self._tls is None:
                self._pass_on(client)
            else:
                with self._tls.wrap_socket(client, server_side=True) as plain:
                    self._open.append(plain)
                    self._pass_on(plain)

    def _pass_on(self, client):
        said = client.recv(65536)
        if self._swallows in said:
            while client.recv(65536):
                pass
            return
        with socket.create_connection(self._target) as server:
            self._open.append(server)
            server.sendall(said)
            back = Thread(target=self._copy, args=(server, client))
            back.start()
            self._copy(client, server)
            back.join()

    def _copy(self, one, other):
        with suppress(OSError):
            while said := one.recv(65536):
                other.sendall(said)
        for each in (one, other):
            with suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)
