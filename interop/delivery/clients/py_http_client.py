# Sends all of its content before it looks for an answer.
from http.client import HTTPConnection
from urllib.parse import urlsplit

from kit import tally


def upload(url, content):
    to = urlsplit(url)
    connection = HTTPConnection(to.hostname, to.port, timeout=30)
    try:
        connection.request("PUT", to.path, body=content)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


tally(upload)
