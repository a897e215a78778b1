# OpenStack Swift with its S3 interface, as Debian packages it: proxy, account, container and object
# server in one process, each on a port that the system chose, so that nothing is fixed and nothing
# is left. Usage: serve-swift.py FOLDER; prints the port of the S3 interface. FOLDER has to have extended
# attributes.
import os
import sys

import eventlet

eventlet.monkey_patch()

from swift.common import utils, wsgi  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402

folder = sys.argv[1]
devices = os.path.join(folder, "devices")
os.makedirs(os.path.join(devices, "d0"))
common = {
    "swift_dir": folder,
    "devices": devices,
    "mount_check": "false",
    "bind_ip": "127.0.0.1",
    "log_level": "ERROR",
    "fallocate_reserve": "0",
}


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def section(name, settings):
    return "[%s]\n%s\n" % (name, "".join("%s = %s\n" % pair for pair in settings.items()))


def conf_of(kind, more=""):
    if kind != "proxy":
        more = section("pipeline:main", {"pipeline": kind}) + section(
            "app:" + kind, {"use": "egg:swift#" + kind}
        )
    return write(kind + ".conf", section("DEFAULT", common) + more)


PROXY = (
    section(
        "pipeline:main",
        {"pipeline": "catch_errors cache s3api tempauth slo proxy-server"},
    )
    + section("app:proxy-server", {"use": "egg:swift#proxy", "account_autocreate": "true"})
    + section("filter:catch_errors", {"use": "egg:swift#catch_errors"})
    # Nobody listens there: what is not in the cache is asked for.
    + section("filter:cache", {"use": "egg:swift#memcache", "memcache_servers": "127.0.0.1:1"})
    + section(
        "filter:s3api",
        # Amazon's least size of a part, for uploads that are not Amazon's.
        {"use": "egg:swift#s3api", "s3_acl": "false", "min_segment_size": "1"},
    )
    + section(
        "filter:tempauth",
        {
            "use": "egg:swift#tempauth",
            "user_test_writer": "secret .admin",
            "user_test_reader": "secret",
        },
    )
    + section("filter:slo", {"use": "egg:swift#slo"})
)

write("swift.conf", section("swift-hash", {"swift_hash_path_suffix": "tests"}))
utils.set_swift_dir(folder)

servers = []
for kind in ["account", "container", "object", "proxy"]:
    path = conf_of(kind, PROXY)
    sock = eventlet.listen(("127.0.0.1", 0))
    port = sock.getsockname()[1]
    if kind != "proxy":
        builder = RingBuilder(2, 1, 1)
        builder.add_dev(
            {"region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "d0", "weight": 1}
        )
        builder.rebalance()
        builder.get_ring().save(os.path.join(folder, kind + ".ring.gz"))
    servers.append((path, sock, port))



def serve(sock, app):
    # What Swift's own run_server does, but for the hub, of which a process has one.
    wsgi.wsgi.server(
        sock,
        app,
        wsgi.NullLogger(),
        protocol=wsgi.SwiftHttpProtocol,
        capitalize_response_headers=False,
        socket_timeout=60,
    )


for path, sock, _port in servers:
    app = wsgi.loadapp(path, global_conf={"log_name": os.path.basename(path)})
    eventlet.spawn(serve, sock, app)
print(servers[-1][2], flush=True)
# Whoever started it may be killed: it does not stay behind.
parent = os.getppid()
while os.getppid() == parent:
    eventlet.sleep(1)
os._exit(0)
