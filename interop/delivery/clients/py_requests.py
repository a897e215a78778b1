import requests

from kit import tally


def upload(url, content):
    response = session.put(url, data=content, timeout=30)
    return response.status_code, response.text


session = requests.Session()
session.trust_env = False
tally(upload)
