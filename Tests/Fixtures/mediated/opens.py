"""Opens, makes and shortens files in FOLDER in every way, and prints what came of it: the same lines in a box and outside.

    opens.py FOLDER      the folder must be empty, and writable
"""

import errno
import fcntl
import os
import resource
import socket
import stat
import sys
import threading

os.chdir(sys.argv[1])
os.umask(0o027)


def show(title, act):
    try:
        print(f"{title}: {act()}")
    except OSError as error:
        print(f"{title}: {errno.errorcode.get(error.errno, error.errno)}")


def opened(path, flags, mode=0o777, **options):
    """Flags, close-on-exec, kind, mode and owner of what was opened."""
    file = os.open(path, flags, mode, **options)
    try:
        status = os.fstat(file)
        kept = os.O_ACCMODE | os.O_APPEND | os.O_NONBLOCK | os.O_SYNC | os.O_DSYNC | os.O_NOATIME
        words = f"{fcntl.fcntl(file, fcntl.F_GETFL) & kept:o} {fcntl.fcntl(file, fcntl.F_GETFD)} {status.st_mode:o}"
        if not stat.S_ISREG(status.st_mode):
            return words
        mine = (status.st_uid, status.st_gid) == (os.geteuid(), os.getegid())
        return f"{words} {status.st_size} {status.st_nlink} {mine}"
    finally:
        os.close(file)


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


write("file", "some text")
os.mkdir("folder")
os.mkdir("closed", 0o000)
write("closed-file", "x")
os.chmod("closed-file", 0o000)
os.symlink("file", "link")
os.symlink("nowhere", "dangling")
os.symlink(os.path.abspath("from-link"), "absolute")
os.symlink("loop", "loop")
os.symlink("folder", "folder-link")
os.mkfifo("pipe")
local = socket.socket(socket.AF_UNIX)
local.bind("socket")

READ, WRITE, BOTH, CREATE, ONLY = os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_EXCL
for path in [
    "file", "./file", "folder/../file", "file/", "file/.", "folder", "folder/", "folder/.", "link", "link/", "dangling",
    "dangling/", "loop", "folder-link", "folder-link/", "closed", "closed/x", "closed-file", "missing", "missing/x",
    "file/x", "socket", "", ".", "..", "a" * 255, "a" * 256, "b/" * 2100, "/dev/null", "/dev/zero",
]:
    name = path if len(path) < 40 else f"{path[:3]}... of {len(path)}"
    if os.geteuid() == 0 and path.startswith("closed"):
        continue  # root has a right outside that no box has
    for flags in [
        READ, WRITE, BOTH, READ | os.O_DIRECTORY, READ | os.O_NOFOLLOW, WRITE | os.O_TRUNC | os.O_APPEND,
        READ | os.O_NONBLOCK, READ | os.O_NOATIME, WRITE | os.O_SYNC, os.O_PATH, READ | os.O_CLOEXEC,
        CREATE | READ | os.O_DIRECTORY, os.O_PATH | os.O_NOFOLLOW,
    ]:
        show(f"open {name} {flags:o}", lambda path=path, flags=flags: opened(path, flags))
write("file", "some text")

for number, (flags, mode) in enumerate(
    [(READ, 0o777), (WRITE, 0o666), (BOTH, 0o600), (BOTH | ONLY, 0o444), (WRITE | os.O_TRUNC, 0o000),
     (BOTH | os.O_NOFOLLOW | os.O_APPEND, 0o1777)]
):
    for path in [f"new{number}", "file", "folder", "link", "dangling", "absolute", "loop", f"new{number}/", "no/new"]:
        show(f"create {path} {flags:o} {mode:o}", lambda: opened(path, CREATE | flags, mode))
    for path in ["nowhere", "from-link"]:
        show(f"unlink {path}", lambda: os.unlink(path))

show("unnamed", lambda: opened(".", os.O_TMPFILE | BOTH, 0o640))
show("unnamed, reading", lambda: opened(".", os.O_TMPFILE | READ, 0o640))
show("unnamed in a file", lambda: opened("file", os.O_TMPFILE | BOTH, 0o640))
show("unnamed nowhere", lambda: opened("missing", os.O_TMPFILE | BOTH, 0o640))


def named_later():
    file = os.open("folder", os.O_TMPFILE | os.O_WRONLY, 0o640)
    here = os.open(".", READ)
    os.write(file, b"later")
    os.link(f"/proc/self/fd/{file}", "named", src_dir_fd=here, follow_symlinks=True)
    return read("named")


show("unnamed, then named", named_later)
folder = os.open("folder", READ | os.O_DIRECTORY)
show("in a folder", lambda: opened("x", CREATE | BOTH, 0o660, dir_fd=folder))
show("in a folder, above", lambda: opened("../file", READ, dir_fd=folder))
show("in a file", lambda: opened("x", READ, dir_fd=os.open("file", READ)))
show("in a closed descriptor", lambda: opened("x", READ, dir_fd=999))
show("below a descriptor", lambda: opened(f"/proc/self/fd/{folder}/x", READ))
os.rename("folder", "moved")
show("in a folder that was moved", lambda: opened("y", CREATE | BOTH, 0o660, dir_fd=folder))
os.rename("moved", "folder")

for title, act in [
    ("mkdir", lambda: os.mkdir("made", 0o777)), ("mkdir again", lambda: os.mkdir("made")),
    ("mkdir over a file", lambda: os.mkdir("file")), ("mkdir nowhere", lambda: os.mkdir("missing/x")),
    ("mkdir in a file", lambda: os.mkdir("file/x")), ("mkdir .", lambda: os.mkdir(".")),
    ("mkdir with a slash", lambda: os.mkdir("slashed/")), ("mkdir empty", lambda: os.mkdir("")),
    ("mkdir long", lambda: os.mkdir("n" * 256)), ("mkdir sticky", lambda: os.mkdir("sticky", 0o7777)),
    ("mkfifo", lambda: os.mkfifo("pipe2", 0o666)), ("mkfifo again", lambda: os.mkfifo("pipe2")),
    ("mknod", lambda: os.mknod("node", 0o666 | stat.S_IFREG)), ("mknod again", lambda: os.mknod("node")),
    ("symlink", lambda: os.symlink("anything", "sym")), ("symlink again", lambda: os.symlink("x", "sym")),
    ("symlink to nothing", lambda: os.symlink("", "empty")), ("symlink nowhere", lambda: os.symlink("x", "missing/x")),
    ("link", lambda: os.link("file", "file2")), ("link again", lambda: os.link("file", "file2")),
    ("link of nothing", lambda: os.link("missing", "file3")), ("link nowhere", lambda: os.link("file", "missing/x")),
    ("link of a folder", lambda: os.link("folder", "folder2")),
    ("link of a link", lambda: os.link("link", "link2", follow_symlinks=False)),
    ("truncate", lambda: os.truncate("file", 4)), ("truncate a link", lambda: os.truncate("link", 3)),
    ("truncate a folder", lambda: os.truncate("folder", 0)), ("truncate nothing", lambda: os.truncate("missing", 0)),
    ("truncate below zero", lambda: os.truncate("file", -1)), ("truncate a pipe", lambda: os.truncate("pipe", 0)),
    ("rename a folder", lambda: os.rename("made", "made2")), ("rename", lambda: os.rename("file2", "file4")),
    ("rename into itself", lambda: os.rename("folder", "folder/in")),
    ("rename over a folder", lambda: os.rename("file4", "folder")),
]:
    show(title, act)
for name in sorted(os.listdir(".")):
    status = os.lstat(name)
    print(f"{name}: {status.st_mode:o} {0 if stat.S_ISDIR(status.st_mode) else status.st_size} {status.st_nlink}")

# A pipe waits for its other end; nobody else does meanwhile.
told = []
waiting = threading.Thread(target=lambda: told.append(read("pipe")), daemon=True)
waiting.start()
show("open while another waits", lambda: opened("file", READ))
write("pipe", "through the pipe")
waiting.join(60)
show("pipe", lambda: told)
show("pipe, not waiting", lambda: opened("pipe", WRITE | os.O_NONBLOCK))

# The caller's own table is what is full.
resource.setrlimit(resource.RLIMIT_NOFILE, (40, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
files = []
try:
    while True:
        files.append(os.open("file", READ))
except OSError as error:
    code = error.errno
numbers = sorted(files)
for file in files:
    os.close(file)
print(f"full: {errno.errorcode[code]} {numbers[-1]}")
write("last", "x")
show("inherited", lambda: os.set_inheritable(os.open("last", READ), True))
