import asyncio

import aiohttp

from kit import tally

loop = asyncio.new_event_loop()


async def put(url, content):
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        async with session.put(url, data=content) as response:
            return response.status, await response.text()


tally(lambda url, content: loop.run_until_complete(put(url, content)))
