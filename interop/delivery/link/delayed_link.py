# A link with a delay between two network namespaces: two tun devices, and this process between them,
# which hands every IP packet on some time later. The TCP at both ends is the kernel's own.
# It prints "cut off" for each connection whose first end was reset after the link had lost content of it:
# who resets sends nothing again, so what was lost reaches nobody (RFC 9293, section 3.5.3).
# usage: delayed_link.py <namespace> <namespace> <milliseconds one way> [percent of packets that are lost]
import collections
import ctypes
import fcntl
import os
import random
import selectors
import signal
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
TCP, RST = 6, 0x04
ADDRESSES = ("10.203.0.1", "10.203.0.2")
MTU = 1500
# As many packets as a link of some hundred Mbit/s holds; what comes beyond it is lost, as on a real one.
HELD_PACKETS = 4000


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def tun(name, namespace, own, peer):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    ip("link", "set", name, "netns", namespace)
    ip("-n", namespace, "link", "set", "lo", "up")
    ip("-n", namespace, "addr", "add", own, "peer", peer, "dev", name)
    ip("-n", namespace, "link", "set", name, "mtu", str(MTU), "up")
    return device


class Losses:
    """Content that the link lost and that was not sent again yet, by connection."""

    def __init__(self):
        self.lost = {}

    def see(self, packet, carried):
        header = (packet[0] & 15) * 4
        if packet[9] != TCP:
            return
        ports, sequence = packet[header : header + 4], packet[header + 4 : header + 8]
        content = len(packet) - header - (packet[header + 12] >> 4) * 4
        lost = self.lost.setdefault(ports, set())
        if content > 0 and carried:
            lost.discard(sequence)
        elif content > 0:
            lost.add(sequence)
        if packet[header + 13] & RST and self.lost.pop(ports):
            print("cut off", flush=True)


def carry(near, far, delay, loss):
    other = {near: far, far: near}
    losses = Losses()
    waiting = collections.deque()  # (when, where to, packet): one delay, so it is in order
    selector = selectors.DefaultSelector()
    for device in other:
        selector.register(device, selectors.EVENT_READ)
    while True:
        timeout = None if not waiting else max(0, waiting[0][0] - time.monotonic())
        for key, _ in selector.select(timeout):
            take(key.fd, other[key.fd], waiting, delay, loss, losses if key.fd == near else None)
        while waiting and waiting[0][0] <= time.monotonic():
            _, to, packet = waiting.popleft()
            try:
                os.write(to, packet)
            except BlockingIOError:
                pass  # Lost: TCP sends it again.


def take(device, to, waiting, delay, loss, losses):
    for _ in range(64):
        try:
            packet = os.read(device, 65536)
        except BlockingIOError:
            return
        carried = len(waiting) < HELD_PACKETS and random.random() >= loss
        if losses is not None:
            losses.see(packet, carried)
        if carried:
            waiting.append((time.monotonic() + delay, to, packet))


def main():
    names, delay = sys.argv[1:3], float(sys.argv[3]) / 1000
    loss = float(sys.argv[4]) / 100 if len(sys.argv) > 4 else 0
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # Ends with its parent.
    devices = [
        tun(f"exp{os.getpid()}{side}"[-15:], name, ADDRESSES[side], ADDRESSES[1 - side])
        for side, name in enumerate(names)
    ]
    print("ready", flush=True)
    carry(*devices, delay, loss)


main()
