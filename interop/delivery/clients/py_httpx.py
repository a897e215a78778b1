import httpx

from kit import tally


def upload(url, content):
    response = client.put(url, content=content)
    return response.status_code, response.text


client = httpx.Client(timeout=30, trust_env=False)
tally(upload)
